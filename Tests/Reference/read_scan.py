"""Reads the three files of a scan's results and compares them with one another."""
import json, math, sys
import pyarrow.parquet as pq
folder = sys.argv[1]
table = pq.read_table(folder + "/results.parquet")
report = json.load(open(folder + "/results.json"))
rows = [line.rstrip("\n") for line in open(folder + "/results.csv") if not line.startswith("#")]
names = rows[0].split(",")
assert table.column_names == names, table.column_names
assert table.num_rows == len(report["points"]) == len(rows) - 1 == 4
for i, row in enumerate(table.to_pylist()):
    for name in names:
        value, other = row[name], report["points"][i][name]
        if name == "reason":
            assert value == (other or ""), (value, other)
        elif other is None:
            assert math.isnan(value)
        else:
            assert value == other, (name, value, other)
assert b"duskline.card" in table.schema.metadata
assert "duskline: 1" in report["provenance"]["card"]
print("ok")

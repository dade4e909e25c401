#!/usr/bin/env python3
"""Reads Parquet files with pyarrow, for the tests of Duskline's own writer.

    read-parquet.py describe FILE               rows, groups, columns, metadata and all values, as JSON
    read-parquet.py compare FILE CSV            every column of both files, bit by bit; exit code 1 if one differs
"""
import csv
import json
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq


def bits(values):
    return [struct.pack("<d", value) for value in values]


def metadata(file):
    pairs = file.metadata.metadata or {}
    return {key.decode(): value.decode() for key, value in pairs.items()}


def describe(path):
    file = pq.ParquetFile(path)
    table = file.read()
    table.validate(full=True)
    print(json.dumps({
        "rows": file.metadata.num_rows,
        "groups": [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)],
        "types": {name: str(table.schema.field(name).type) for name in table.column_names},
        "metadata": metadata(file),
        "columns": {
            name: [
                struct.unpack("<Q", struct.pack("<d", v))[0].__str__()
                if pa.types.is_float64(table.schema.field(name).type) else v
                for v in table.column(name).to_pylist()
            ]
            for name in table.column_names
        },
    }))


def compare(path, csv_path):
    file = pq.ParquetFile(path)
    table = file.read()
    table.validate(full=True)
    with open(csv_path, newline="") as text:
        lines = [line for line in text]
    head = [line[2:].rstrip("\n") for line in lines if line.startswith("#")]
    rows = list(csv.reader(line for line in lines if not line.startswith("#")))
    names, rows = rows[0], rows[1:]
    faults = []
    if table.column_names != names:
        faults.append(f"columns {table.column_names} and {names}")
    if table.num_rows != len(rows):
        faults.append(f"{table.num_rows} rows and {len(rows)}")
    for c, name in enumerate(names):
        ours = table.column(name).to_pylist()
        theirs = [float(row[c]) for row in rows]
        if bits(ours) != bits(theirs):
            faults.append(f"column {name} differs")
    pairs = metadata(file)
    for fact in [pairs["duskline.title"], "seed: " + pairs["duskline.seed"],
                 f"program: duskline {pairs['duskline.version']}, commit {pairs['duskline.commit']}, "
                 f"platform {pairs['duskline.platform']}"]:
        if fact not in head:
            faults.append(f"'{fact}' is not in the head of the CSV")
    for line in pairs["duskline.card"].splitlines():
        if "  " + line not in head:
            faults.append(f"the card's line '{line}' is not in the head of the CSV")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    if sys.argv[1] == "describe":
        describe(sys.argv[2])
    else:
        sys.exit(compare(sys.argv[2], sys.argv[3]))

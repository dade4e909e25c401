#!/usr/bin/env python3
"""Writes Parquet files with pyarrow, for the tests of Duskline's own reader.

    write-parquet.py table FILE ROWS OPTIONS    a table of every kind of column that is read; prints its values as JSON
    write-parquet.py column FILE KIND           a table of one column that is not read, beside one that is

OPTIONS are arguments of pyarrow.parquet.write_table, as JSON.
"""
import datetime
import decimal
import json
import math
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq


def every_kind(rows):
    """Values by a rule, so that runs, repetitions and values that occur once all come up."""
    index = range(rows)
    missing = lambda values, step: [None if n % step == 1 else v for n, v in enumerate(values)]
    texts = ["recast", "χ₂ → χ₁ℓ⁺ℓ⁻", "", "a,b\n\"c\""]
    return pa.table({
        "model.m1_GeV": pa.array([math.sin(n) * 10.0 ** (n % 600 - 300) for n in index], pa.float64()),
        "model.y": pa.array(missing([1e-8 * (1 + n % 7) for n in index], 5), pa.float64()),
        "float": pa.array([(n % 1000) / 7 for n in index], pa.float32()),
        "int64": pa.array(missing([(-1) ** n * n ** 3 for n in index], 3), pa.int64()),
        "int32": pa.array([n // 100 - 50 for n in index], pa.int32()),
        "int8": pa.array(missing([n % 256 - 128 for n in index], 7), pa.int8()),
        "uint32": pa.array([2 ** 32 - 1 - n for n in index], pa.uint32()),
        "uint64": pa.array([2 ** 63 - 1 - n for n in index], pa.uint64()),
        "bool": pa.array([n % 3 == 0 for n in index], pa.bool_()),
        "nullable bool": pa.array(missing([n // 9 % 2 == 0 for n in index], 4), pa.bool_()),
        "text": pa.array([texts[n // 3 % 4] for n in index], pa.string()),
        "long text": pa.array(missing([f"point {n}: " + "x" * (n % 90) for n in index], 11), pa.large_string()),
        "word": pa.array([texts[n % 2] for n in index], pa.string()).dictionary_encode(),
        "nothing": pa.nulls(rows),
        "required": pa.array([n * 0.5 for n in index], pa.float64()),
    }, schema=pa.schema([
        ("model.m1_GeV", pa.float64()), ("model.y", pa.float64()), ("float", pa.float32()), ("int64", pa.int64()),
        ("int32", pa.int32()), ("int8", pa.int8()), ("uint32", pa.uint32()), ("uint64", pa.uint64()),
        ("bool", pa.bool_()), ("nullable bool", pa.bool_()), ("text", pa.string()), ("long text", pa.large_string()),
        ("word", pa.dictionary(pa.int32(), pa.string())), ("nothing", pa.null()),
        pa.field("required", pa.float64(), nullable=False),
    ]))


def text(value):
    """A value as text: of a number the bits, in decimal."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(struct.unpack("<Q", struct.pack("<d", value))[0])
    return str(value)


def column(kind):
    return {
        "list": lambda: [[1.0], [2.0, 3.0]],
        "struct": lambda: [{"a": 1}, {"a": 2}],
        "timestamp": lambda: [datetime.datetime(2026, 1, 1)] * 2,
        "date": lambda: [datetime.date(2026, 1, 1)] * 2,
        "decimal": lambda: [decimal.Decimal("1.5")] * 2,
        "bytes": lambda: [b"\xff\xfe", b"a"],
        "large": lambda: pa.array([2 ** 63, 1], pa.uint64()),
        "half": lambda: pa.array([1.0, 2.0], pa.float16()),
    }[kind]()


if __name__ == "__main__":
    if sys.argv[1] == "table":
        table = every_kind(int(sys.argv[3]))
        pq.write_table(table, sys.argv[2], **json.loads(sys.argv[4]))
        print(json.dumps({name: [text(v) for v in table.column(name).to_pylist()] for name in table.column_names}))
    else:
        pq.write_table(pa.table({"x": [1.0, 2.0], "strange": column(sys.argv[3])}), sys.argv[2])

#!/usr/bin/env python3
"""Reads the results of a scan, finds its best point, and asks Duskline for that point once more.

    duskline scan -o out --set 'scan.over={model.y: {from: 1e-9, to: 1e-7, points: 5, spacing: log}}'
    python3 Examples/read_results.py out

The standard library suffices. With pyarrow the Parquet file is read, with pandas there is a data frame.
"""
import argparse
import csv
import json
import math
import pathlib
import subprocess
import sys
import tempfile

# Columns that a list in the card's section `scan` makes, and the keys of the card that they replace.
KEYS = {
    "m1_GeV": "model.m1_GeV",
    "splitting_over_m1": "model.splitting_over_m1",
    "alpha_D": "model.alpha_D",
}


def read(results):
    """The points of a scan, one dict each, and the metadata: title, seed, card, ...

    `results` is the folder of a scan, or its results.csv or results.parquet. A missing number is NaN; the column
    `reason` says why it is missing.
    """
    path = pathlib.Path(results)
    if path.is_dir():
        path = path / "results.parquet"
        try:
            import pyarrow.parquet
        except ImportError:
            path = path.with_suffix(".csv")
    points, metadata = read_parquet(path) if path.suffix == ".parquet" else read_csv(path)
    print(f"read {len(points)} points from {path}")
    return points, metadata


def read_parquet(path):
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    metadata = {key.decode(): text.decode() for key, text in table.schema.metadata.items()}
    return table.to_pylist(), {key.removeprefix("duskline."): text for key, text in metadata.items()}


def read_csv(path):
    """Comment lines begin with #: `# key: text`, and after `# card:` the card, indented by two spaces more."""
    with open(path, newline="", encoding="utf-8") as file:
        lines = file.readlines()
    comments = [line[2:].rstrip("\n") for line in lines if line.startswith("#")]
    place = comments.index("card:")
    metadata = {"title": comments[0].removeprefix("duskline scan: ")}
    metadata |= dict(line.split(": ", 1) for line in comments[1:place])
    metadata["card"] = "\n".join(line[2:] for line in comments[place + 1 :])

    def value(text):
        try:
            return float(text) if text else math.nan
        except ValueError:
            return text

    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    points = [
        {name: text if name == "reason" else value(text) for name, text in row.items()} for row in rows
    ]
    return points, metadata


def card_value(card, key):
    """The text of a key such as `model.alpha_D` or `luminosity` in a card, None if it is not there.

    Cards of results are complete and plainly laid out, so that single values need no YAML library.
    """
    section, _, name = key.rpartition(".")
    current = ""
    for line in card.splitlines():
        left, _, right = line.partition(":")
        if not line.startswith(" "):
            current = left
        if left.strip() == (name or section) and line.startswith(" ") == bool(section):
            if not section or current == section:
                return right.strip().strip('"')
    return None


def yield_again(duskline, card, settings):
    """`duskline yield --json` for a card with some keys replaced: the JSON object that it writes."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write(card)
        file.flush()
        command = [duskline, "yield", "--card", file.name, "--json", "--quiet"]
        for key, value in settings.items():
            command += ["--set", f"{key}={value}"]
        result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(result.stderr)
    return json.loads(result.stdout)


def main():
    parser = argparse.ArgumentParser(description="The best point of a scan of expected events.")
    parser.add_argument("results", help="the folder of a scan, or its results.csv or results.parquet")
    parser.add_argument("--duskline", default="duskline", help="the program, if it is not in PATH")
    arguments = parser.parse_args()

    points, metadata = read(arguments.results)
    if "expected_events" not in points[0]:
        sys.exit("no column expected_events: make the scan with --set scan.quantity=yield")
    card = metadata["card"]
    energy, particle = card_value(card, "beam.energy_GeV"), card_value(card, "beam.particle")
    print(f"{energy} GeV {particle} beam on {card_value(card, 'target.material')}, seed {metadata['seed']}")

    try:
        import pandas

        frame = pandas.DataFrame(points)
        print(frame.describe().loc[["count", "min", "max"], ["expected_events"]])
    except ImportError:
        pass  # the list of dicts does as well

    seen = [point for point in points if not math.isnan(point["expected_events"])]
    print(f"{len(seen)} points have a number, {len(points) - len(seen)} a reason why not")
    if not seen:
        sys.exit(points[0]["reason"])
    best = max(seen, key=lambda point: point["expected_events"])

    # What was scanned stands before what was found.
    names = list(best)
    scanned = {name: best[name] for name in names[: names.index("expected_events")]}
    print("best point:", ", ".join(f"{name} = {value}" for name, value in scanned.items()))
    print(f"in the scan: {best['expected_events']:.6g} +- {best['expected_events_error']:.2g} events")

    settings = {KEYS.get(name, name): value for name, value in scanned.items()}
    answer = yield_again(arguments.duskline, card, settings)
    events = answer["expected_events"]
    print(f"duskline yield: {events['value']:.6g} +- {events['error']:.2g} events")


if __name__ == "__main__":
    main()

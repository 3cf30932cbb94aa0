"""Says whether two folders of results are equal, trial for trial and bit for bit, in their order: same.py FOLDER FOLDER.

Times alone may differ: metrics of `cost.`."""

import csv
import json
import sys


def trials(folder):
    with open(f"{folder}/trials.jsonl", encoding="utf-8") as lines:
        for line in lines:
            # Numbers as they are written.
            trial = json.loads(line, parse_float=str, parse_int=str)
            trial["metrics"] = {k: v for k, v in trial["metrics"].items() if not k.startswith("cost.")}
            yield trial


def table(folder):
    with open(f"{folder}/trials.csv", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield {k: v for k, v in row.items() if not k.startswith("cost.")}


def rounds(folder):
    with open(f"{folder}/rounds.csv", "rb") as lines:
        yield from lines


def compare(name, one, other):
    count = 0
    end = object()
    one, other = iter(one), iter(other)
    while True:
        a, b = next(one, end), next(other, end)
        if a is end and b is end:
            print(f"{name}: {count} equal")
            return count
        count += 1
        if a != b:
            sys.exit(f"{name}: line {count} differs:\n{a if a is not end else 'none'}\n{b if b is not end else 'none'}")


one, other = sys.argv[1:]
if not compare("trials.jsonl", trials(one), trials(other)):
    sys.exit("there are no trials")
compare("trials.csv", table(one), table(other))
compare("rounds.csv", rounds(one), rounds(other))

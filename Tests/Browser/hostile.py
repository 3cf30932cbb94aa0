#!/usr/bin/env python3
"""Makes a folder of results whose names want to be more than text: hostile.py SOURCE TARGET."""

import json
import sys
from pathlib import Path

from renamed import write

NAMES = [
    "<script>window.__owned=1</script>",
    "\"><img src=x onerror=window.__owned=1 class=injected>",
    "' onmouseover='window.__owned=1' x='",
    "</title></style></script><b class=injected>bold</b>",
    "<!-- injected -->",
    "]]><svg onload=window.__owned=1 class=injected>",
    "javascript:window.__owned=1",
    "=HYPERLINK(\"https://example.org\",\"injected\")",
    "right\u202eto\u202cleft",
    "$&%_#{}~^\\ | `pipe` *bold* [link](javascript:window.__owned=1)",
    "\u001b[31mred\u001b[0m",
    "two\nlines",
    "  spaces  ",
    "long-" + "x" * 10_000,
    "../../etc/passwd",
    "\u0000nothing",
]


def main():
    source, target = map(Path, sys.argv[1:3])
    with open(source / "trials.jsonl", encoding="utf-8") as lines:
        trials = [json.loads(line) for line in lines]
    attacks = sorted({trial["attack"] for trial in trials} - {"none"})
    defenses = sorted({trial["defense"] for trial in trials} - {"mean"})

    def renamed(ids, names):
        return {id: [name] for id, name in zip(ids, names)}

    print(f"{target}: {write(source, target, renamed(attacks, NAMES), renamed(defenses, NAMES[::-1]))} trials")


if __name__ == "__main__":
    main()

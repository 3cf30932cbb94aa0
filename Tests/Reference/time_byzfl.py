"""How long ByzFL's rules and stages take beside ours; prints JSON lines or a table, writes nothing.

Run with numpy 2.4.6, torch 2.13.0, byzfl 0.0.11:
`python3 Tests/Reference/time_byzfl.py [--n 50 --d 1000000 --f 10] [--only krum,nnm]` prints one JSON
line per component of ByzFL, with the keys of `defense-bench --json`;
`--program .build/release/defense-bench` runs that for each component right afterwards and prints both
and how many times as long ByzFL takes;
`--ours FILE` takes ours from the lines that `defense-bench --json` printed before.

Both compute in process on standard normal float32 rows, on two threads; the first call is not
counted, and the middle one of the others is. Without --n it is 50 x 1,000,000 with f = 10; CAF and MDA at
20 x 1,000,000 with f = 4; SMEA at 20 x 20,000, where ByzFL takes a minute, and at 1,000,000 fifty.
Each of our components does the work of ByzFL's: rfa is
its GeometricMedian (three steps of Weiszfeld with nu = 0.1), centered-clipping one step. A bound is
such that about half of the rows are clipped.
"""

import argparse
import json
import subprocess
import sys
import time

import numpy as np
import torch
from byzfl import (
    ARC, CAF, MDA, NNM, SMEA, Average, Bucketing, CenteredClipping, Clipping, GeometricMedian, Krum,
    Meamed, Median, MoNNA, MultiKrum, TrMean,
)

SMALL = {"caf", "mda"}
# Seconds of a call that is not repeated.
LONG = 20


def components(d, f):
    """ByzFL's, by the id of ours."""
    length = float(np.sqrt(d))
    return {
        "mean": Average(), "median": Median(), "trimmed-mean": TrMean(f=f),
        "rfa": GeometricMedian(nu=0.1, T=3), "krum": Krum(f=f), "multi-krum": MultiKrum(f=f),
        "centered-clipping": CenteredClipping(L=1, tau=length), "monna": MoNNA(f=f),
        "meamed": Meamed(f=f), "caf": CAF(f=f), "mda": MDA(f=f), "smea": SMEA(f=f),
        "nnm": NNM(f=f), "bucketing": Bucketing(s=2), "clipping": Clipping(c=length),
        "arc": ARC(f=f),
    }


def measure(component, rows, calls):
    """Seconds and processor seconds of each call but the first; of that alone if it takes long."""
    times = []
    for _ in range(calls + 1):
        given = rows.clone()
        processor, start = time.process_time(), time.perf_counter()
        component(given)
        times.append((time.perf_counter() - start, time.process_time() - processor))
        if times[0][0] > LONG:
            return times
    return times[1:]


def middle(values):
    return sorted(values)[len(values) // 2]


def lines(options, size, ids):
    n, d, f = size
    rows = torch.from_numpy(np.random.default_rng(1).standard_normal((n, d), dtype=np.float32))
    for name, component in components(d, f).items():
        if name not in ids:
            continue
        times = measure(component, rows, options.calls)
        yield {
            "component": name, "n": n, "d": d, "f": f, "threads": torch.get_num_threads(),
            "calls": len(times), "seconds": middle([wall for wall, _ in times]),
            "processor": middle([processor for _, processor in times]),
        }


def run_ours(options, line):
    size = [f"--{key}={line[name]}" for key, name in
            [("rows", "n"), ("columns", "d"), ("byzantine", "f"), ("threads", "threads")]]
    command = [options.program, "--json", "--only", line["component"], "--calls",
               str(options.calls), *size]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def read_ours(path):
    with open(path, encoding="utf-8") as file:
        found = [json.loads(line) for line in file if line.startswith("{")]
    return {(line["component"], line["n"], line["d"], line["f"]): line for line in found}


def compare(line, own):
    name, size = line["component"], f'{line["n"]} x {line["d"]}, f = {line["f"]}'
    if own is None or "seconds" not in own:
        print(f"{name:<20}{size:<24} not among ours")
        return
    print(f'{name:<20}{size:<24}{1e3 * line["seconds"]:>11.1f}{1e3 * own["seconds"]:>11.1f}'
          f'{line["seconds"] / own["seconds"]:>9.1f}{line["processor"] / own["processor"]:>11.1f}',
          flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int)
    parser.add_argument("--d", type=int, default=1_000_000)
    parser.add_argument("--f", type=int, default=0)
    parser.add_argument("--only")
    parser.add_argument("--calls", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--program", help="a built defense-bench, to be run in turn with ByzFL")
    parser.add_argument("--ours", help="what defense-bench --json printed")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    known = set(components(1, 0))
    wanted = set(options.only.split(",")) if options.only else known
    if wanted - known:
        sys.exit(f"ByzFL has no {', '.join(sorted(wanted - known))}")
    if options.n:
        plan = [((options.n, options.d, options.f), wanted)]
    else:
        plan = [((50, 1_000_000, 10), wanted - SMALL - {"smea"}),
                ((20, 1_000_000, 4), wanted & SMALL), ((20, 20_000, 4), wanted & {"smea"})]
    ours = read_ours(options.ours) if options.ours else {}
    if options.program or options.ours:
        print(f"{'component':<20}{'n x d':<24}{'ByzFL ms':>11}{'ours ms':>11}{'times':>9}"
              f"{'processor':>11}")
    for size, ids in plan:
        for line in lines(options, size, ids) if ids else ():
            if options.program:
                compare(line, run_ours(options, line))
            elif options.ours:
                compare(line, ours.get((line["component"], *size)))
            else:
                print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()

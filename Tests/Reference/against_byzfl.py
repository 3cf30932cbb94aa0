"""ByzFL's rules beside the definitions of rules.py on one matrix; prints, writes no fixture.

Run with numpy 2.4.6, byzfl 0.0.11 (which needs torch):
`python3 Tests/Reference/against_byzfl.py MATRIX.npy [F]`; rows are clients, F defaults to 1.

Where ByzFL's convention differs from the paper's (Blanchard et al. NeurIPS 2017): Krum takes the
n - f - 1 nearest others (the n - f nearest, the row itself among them) and averages the squared
distances instead of summing them. The average changes no ranking, the extra neighbor may.
Multi-Krum averages the n - f rows of best score. Both ask for n > 2f only. Ties may fall to another
row. So each Krum is compared with "n-f-2", the paper's count, and with "n-f-1".
"""

import sys

import numpy as np
from byzfl import Average, Krum, Median, MultiKrum, TrMean

from rules import krum_scores, ranking, trimmed

TOLERANCE = 1e-9


def ours(x, f, m, neighbours):
    """The mean of the m rows of best score."""
    return x[sorted(ranking(krum_scores(x, f, neighbours))[:m])].mean(axis=0)


def line(name, theirs, definition):
    gap = float(np.max(np.abs(theirs - definition)))
    scale = max(float(np.max(np.abs(definition))), 1e-300)
    verdict = "agrees" if gap <= TOLERANCE * scale else "DIFFERS"
    print(f"{name:<34} {verdict:<8} largest gap {gap:.3e}")
    if verdict == "DIFFERS":
        print("   ByzFL     ", np.array2string(theirs, threshold=8, precision=8))
        print("   definition", np.array2string(definition, threshold=8, precision=8))


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: against_byzfl.py MATRIX.npy [F]")
    x = np.asarray(np.load(sys.argv[1], allow_pickle=False), dtype=np.float64)
    f = int(sys.argv[2]) if len(sys.argv) == 3 else 1
    n = len(x)
    if x.ndim != 2 or f < 0 or n < 2 * f + 3:
        sys.exit(f"need a 2-D matrix with n >= 2f + 3 rows, not shape {x.shape} with f = {f}")
    line("mean", Average()(x.copy()), x.mean(axis=0))
    line("median", Median()(x.copy()), np.median(x, axis=0))
    line(f"trimmed-mean:f={f}", TrMean(f=f)(x.copy()), trimmed(x, f)["update"])
    for neighbours in ["n-f-2", "n-f-1"]:
        name = f"krum:f={f},neighbours={neighbours}"
        line(name, Krum(f=f)(x.copy()), ours(x, f, 1, neighbours))
    for neighbours in ["n-f-2", "n-f-1"]:
        name = f"multi-krum:f={f},neighbours={neighbours}"
        line(name, MultiKrum(f=f)(x.copy()), ours(x, f, n - f, neighbours))


if __name__ == "__main__":
    main()

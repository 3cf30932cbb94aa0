# Times what Krum and nearest-neighbor mixing cost in torch, at the size of the last lines of
# `make bench`: 50 rows of 1,000,000 float32 values, processor seconds of one thread.
# Versions: Python 3.11.7, torch 2.15.0 (MKL).
#
# Run it beside the benchmark, in turn and on a machine that does nothing else:
#   python Tests/Reference/against_torch.py; swift run -c release kernel-bench | tail -3
#
# `gram` is the usual way to all squared distances, |x|^2 + |y|^2 - 2 x.y from one matrix product. It
# loses the digits of rows that are close to each other; `cdist` without it does not. `mixing` is the
# product of 50 x 50 weights with the rows, into a new matrix and into one that is there.
import resource
import statistics

import torch


def seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def report(name, step):
    step()
    times = []
    for _ in range(9):
        start = seconds()
        step()
        times.append(seconds() - start)
    print(f"{name:16s} {statistics.median(times) * 1e3:8.1f} ms, least {min(times) * 1e3:.1f}")


torch.set_num_threads(1)
torch.manual_seed(0)
X = torch.rand(50, 1_000_000) - 0.5
W = torch.full((50, 50), 1.25 / 50)
W[:, 2::5] = 0
out = torch.empty_like(X)


def gram():
    products = X @ X.T
    norms = products.diagonal()
    return norms[:, None] + norms[None, :] - 2 * products


report("gram", gram)
report("cdist", lambda: torch.cdist(X, X, compute_mode="donot_use_mm_for_euclid_dist"))
report("mixing", lambda: W @ X)
report("mixing in place", lambda: torch.matmul(W, X, out=out))

"""Median-based Z-scores in float64; not a script of its own, rules import it.

score(v_i) = |v_i - median| / deviation, 0 for what equals the median and 1e9 at most, which is also
the score of everything else where the deviation is 0. The deviation is the population standard
deviation, or the median distance from the median divided by 0.6745.
"""

import numpy as np


def scores(values, deviation="population"):
    values = np.asarray(values, dtype=np.float64)
    gaps = np.abs(values - np.median(values))
    if deviation == "median":
        unit = float(np.median(gaps)) / 0.6745
    else:
        unit = float(np.std(values))
    found = [
        0.0 if gap == 0 else min(gap / unit, 1e9) if unit > 0 else 1e9 for gap in gaps.tolist()
    ]
    return np.array(found)


def apart(found, bound):
    """Says that no score is so near the bound that rounding could decide."""
    return all(abs(v - bound) > 1e-7 * max(bound, 1) or abs(v - bound) < 1e-12 for v in found)

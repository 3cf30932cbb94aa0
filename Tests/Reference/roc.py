"""ROC curves of rounds -> Tests/StatisticsTests/Fixtures/roc.json.

Run with Python 3.11, numpy 2.4.6, scikit-learn 1.9.1: `python3 Tests/Reference/roc.py`.

A curve has the largest true positive rate of sklearn's roc_curve (drop_intermediate=False) whose
false positive rate is at most 0, 0.05, ..., 1; ties are one threshold. Means are taken point by
point (Fawcett 2006, section 8.1).
"""

import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve

from fixture import write

GRID = np.arange(21) / 20


def curve(positives, negatives):
    truth = [1] * len(positives) + [0] * len(negatives)
    rates, found, _ = roc_curve(truth, positives + negatives, drop_intermediate=False)
    return [float(max(found[rates <= point + 1e-12])) for point in GRID]


def area(positives, negatives):
    truth = [1] * len(positives) + [0] * len(negatives)
    return float(roc_auc_score(truth, positives + negatives))


def case(name, rounds):
    flipped = [([-x for x in p], [-x for x in n]) for p, n in rounds]
    return {
        "name": name,
        "rounds": [{"positives": p, "negatives": n} for p, n in rounds],
        "high": [float(x) for x in np.mean([curve(*r) for r in rounds], axis=0)],
        "low": [float(x) for x in np.mean([curve(*r) for r in flipped], axis=0)],
        "areas": [area(*r) for r in rounds],
    }


def main():
    generator = np.random.default_rng(11)

    def normal(count, shift):
        return [float(x) for x in np.round(generator.normal(shift, 1, count), 6)]

    def whole(count, top):
        return [float(x) for x in generator.integers(0, top, count)]

    cases = [
        case("one of each", [([1.0], [0.0])]),
        case("all equal", [([2.0, 2.0], [2.0, 2.0, 2.0])]),
        case("twenty negatives", [(normal(7, 1), normal(20, 0))]),
        case("ties", [(whole(9, 4), whole(13, 4))]),
        case("rounds", [(normal(3, 0.5), normal(17, 0)) for _ in range(8)]),
        case("rounds of ties", [(whole(4, 3), whole(6, 3)) for _ in range(5)]),
        case("low ones", [(normal(5, -2), normal(40, 0)) for _ in range(3)]),
        case("many", [(normal(150, 0.3), normal(350, 0)) for _ in range(2)]),
    ]
    write("StatisticsTests/Fixtures/roc.json", {"cases": cases})


main()

"""Minimum-diameter averaging in float64 -> Tests/DefensesTests/Fixtures/mda.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_mda.py`.

Papers: Rousseeuw 1985; El Mhamdi et al., "Collaborative learning in the jungle", NeurIPS 2021.
Of all sets of n - f rows the one with the least maximum of its pairwise distances is averaged;
of equal ones the lexicographically first. The diameter is one of the distances, so ties are exact:
sets that share their longest pair tie. `tied` says that it decided. `suspicion` is the largest
distance to a row of the set.
"""

import numpy as np

from subsets import Cases, search


def mda(x, f):
    n = len(x)
    distances = np.sqrt(np.sum((x[:, None] - x[None]) ** 2, axis=2))
    kept, cost, ties = search(n, f, lambda s: float(np.max(distances[np.ix_(s, s)])))
    return {
        "update": x[kept].mean(axis=0),
        "weights": [1 / len(kept) if i in kept else 0 for i in range(n)],
        "suspicion": distances[:, kept].max(axis=1),
        "selected": kept,
        "report": {"diameter": cost},
    }, ties


class Tied(Cases):
    """Diameters tie often; which sets do is exact."""

    def add(self, name, x, f, tied=False, **rest):
        answer = self.answer
        self.answer = lambda rows, count: (answer(rows, count)[0], tied)
        try:
            return super().add(name, x, f, tied, **rest)
        finally:
            self.answer = answer


def main():
    cases = Tied("mda", mda)
    cases.add_all()
    cases.write("Tests/Reference/rules_mda.py")


if __name__ == "__main__":
    main()

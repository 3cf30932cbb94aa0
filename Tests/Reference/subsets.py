"""What the references of MDA and SMEA share: inputs, and the search through all subsets.

Not a script of its own. Sets of n - f rows are gone through in lexicographic order. The best one
is better than every other by 1e-6 relative, or the cost of the others is equal by construction:
`add` is told so where rows lie on a grid (None where they repeat, which may tie or not), and the
first set within 1e-12 of the best counts.
"""

import itertools
import math

import numpy as np

from fixture import exact, formula, normal, write


def search(n, f, cost):
    """The first set of least cost, its cost, and whether others come within 1e-6 of it."""
    costs = [(cost(s), s) for s in map(list, itertools.combinations(range(n), n - f))]
    least = min(c for c, _ in costs)
    first = next((c, s) for c, s in costs if c <= least * (1 + 1e-12))
    near = sum(c <= least * (1 + 1e-6) for c, _ in costs)
    return first[1], first[0], near > 1


class Cases:
    def __init__(self, rule, answer):
        self.rule, self.answer, self.cases, self.names = rule, answer, [], set()

    def add(self, name, x, f, tied=False, matrix=None, announced=None):
        x = np.array(x, dtype=np.float64)
        assert np.array_equal(x, exact(x)), name
        expected, ties = self.answer(x, min(f, len(x) - 1))
        assert tied is None or ties == tied, (name, f, ties)
        name = f"{name} {self.rule}:f={f}"
        assert name not in self.names
        self.names.add(name)
        self.cases.append(
            {
                "name": name,
                "rule": self.rule,
                "arguments": {"f": f},
                "matrix": x if matrix is None else matrix,
                "announced": len(x) if announced is None else announced,
                "expected": expected,
            }
        )
        return expected

    def add_all(self):
        small = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
        answer = self.add("known answer", small, 1, tied=True)["update"]
        assert np.array_equal(answer, [2.5, 3.5, 4.5])
        sizes = [(7, 5, 1), (7, 5, 3), (11, 8, 2), (12, 17, 0), (13, 6, 6), (20, 30, 4)]
        for seed, (n, d, f) in enumerate(sizes):
            x = normal(700 + seed, n, d)
            self.add(f"normal {n}x{d}", x, f)
            if f == 0:
                continue
            y = x.copy()
            y[[(5 * k + 1) % n for k in range(f)]] += 8
            y = exact(y)
            self.add(f"a far group {n}x{d}", y, f)
            y[: n - 1] = exact(x[: n - 1] * np.linspace(0.5, 2, n - 1)[:, None])
            self.add(f"growing rows {n}x{d}", y, f)
        x, json = formula(20, 1000, 7919, 104729, 2039, 1019, 512, [[3, 1, 0.5], [11, -1, 0]])
        self.add("formula 20x1000", x, 4, matrix=json)
        self.add("formula 20x1000", x, 2, matrix=json)
        self.add("one column", normal(720, 9, 1), 3)
        self.add("identical 6x4", np.tile(exact([[0.1, -2.5, 3.75, 0.0]]), (6, 1)), 2, tied=True)
        self.add("zero 5x3", np.zeros((5, 3)), 2, tied=True)
        self.add("no columns 4x0", np.zeros((4, 0)), 1, tied=True)
        self.add("line 7x1", np.arange(7.0)[:, None], 2, tied=True)
        mirror = [[3, 0], [0, 3], [-3, 0], [0, -3], [0, 0]]
        self.add("mirror 5x2", mirror, 2, tied=True)
        pairs = normal(721, 9, 8)
        pairs[[4, 7]] = pairs[1]
        pairs[8] = pairs[3]
        self.add("repeated rows 9x8", pairs, 3, tied=None)
        self.add("repeated rows 9x8", pairs, 4, tied=None)
        cluster = normal(722, 9, 8)
        cluster[[2, 5, 6]] = cluster[2]
        self.add("three equal rows 9x8", cluster, 3, tied=None)
        self.add("one row", [[1, -2, 3]], 0)
        self.add("one row of five", [[1, -2, 3]], 2, announced=5)
        self.add("three rows of seven", normal(723, 3, 4), 3, tied=True, announced=7)
        far = normal(724, 9, 5)
        far[[2, 6]] = exact([[3e38] * 5, [-3e38] * 5])
        self.add("opposite 3e38", far, 2)
        self.add("scale 1e-25", normal(725, 9, 5, scale=1e-25), 2)
        self.add("offset 1000", exact(1000.0 + normal(726, 9, 5, scale=1e-2)), 2)

    def write(self, script):
        infeasible = [
            {"rule": self.rule, "arguments": {"f": f}, "rows": n, "reason": reason}
            for n, f, reason in [
                (2, 1, "n < 2f + 1"),
                (20, 10, "n < 2f + 1"),
                (50, 11, f"{math.comb(50, 11)} subsets"),
                (27, 11, f"{math.comb(27, 11)} subsets"),
                (1000, 400, "more than 10^18 subsets"),
            ]
        ]
        write(
            f"DefensesTests/Fixtures/{self.rule}.json",
            {"script": script, "cases": self.cases, "infeasible": infeasible},
        )

"""The chain attack on clustering in float64 -> Tests/AttacksTests/Fixtures/cluster-chain.json.

Run with Python 3.11, numpy 2.4.6, scipy 1.18: `python3 Tests/Reference/attacks_cluster_chain.py`.

After Blades, with the gap that the attack is about: single linkage (scipy) of the honest rows by cosine
distance, stopped at two groups; gap = the distance at which those two would join. Of the larger group
(of equally large ones that of row 0) the row u of smallest cosine with the mean starts the chain at
its angle theta_0. Attacker k = 1 ... f sends the vector of median honest norm at the angle
min(theta_0 + k phi, pi) from the mean in the plane of the mean and u, with 1 - cos(phi) = slack gap.
If u lies on the mean's line, the first row of the other group that does not spans the plane.
"""

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from fixture import exact, formula, normal, write

CASES = []


def chain(honest, f, slack):
    mu = honest.mean(axis=0)
    length = float(np.median(np.linalg.norm(honest, axis=1)))
    rows = honest[np.linalg.norm(honest, axis=1) > 0]
    if not np.any(mu) or len(rows) < 2:
        return np.tile(mu, (f, 1)), 0.0, 1.0
    units = rows / np.linalg.norm(rows, axis=1)[:, None]
    distances = np.maximum(1 - units @ units.T, 0)
    np.fill_diagonal(distances, 0)
    tree = linkage(squareform(distances, checks=False), "single")
    gap = tree[-1, 2]
    labels = fcluster(tree, 2, "maxclust")
    if len(rows) == 2:
        labels = np.array([1, 2])
    first = labels == labels[0]
    group = np.flatnonzero(first if 2 * first.sum() >= len(rows) else ~first)
    e = mu / np.linalg.norm(mu)
    cosines = units @ e
    start = min(group, key=lambda i: (cosines[i], i))
    for i in [start] + [i for i in range(len(rows)) if i not in group]:
        across = units[i] - cosines[i] * e
        if np.linalg.norm(across) > 1e-9:
            across = across / np.linalg.norm(across)
            break
    else:
        return np.tile(mu, (f, 1)), 0.0, 1.0
    theta, phi = np.arccos(np.clip(cosines[start], -1, 1)), np.arccos(1 - slack * gap)
    angles = [min(theta + k * phi, np.pi) for k in range(1, f + 1)]
    sent = np.array([length * (np.cos(a) * e + np.sin(a) * across) for a in angles])
    return sent, slack * gap, float(np.cos(angles[-1]))


def add(name, honest, f, slack=0.95):
    honest, shown = honest if isinstance(honest, tuple) else (honest, None)
    honest = np.array(honest, dtype=np.float64)
    assert np.array_equal(honest, exact(honest))
    sent, step, cosine = chain(honest, f, slack)
    print(name, step, cosine)
    CASES.append(
        {
            "name": name,
            "arguments": {"slack": slack},
            "participants": len(honest) + f,
            "attackers": f,
            "honest": honest if shown is None else shown,
            "expected": sent,
            "record": {"step": step, "cosine": cosine},
        }
    )
    return sent


def main():
    add("6+1 x5", normal(2900, 6, 5, shift=0.5), 1)
    add("9+3 x8", normal(2901, 9, 8, shift=1.0), 3)
    add("9+3 x8, short steps", normal(2901, 9, 8, shift=1.0), 3, 0.25)
    add("30+20 x6, to the other side", normal(2902, 30, 6, shift=1.0), 20)
    near = normal(2903, 7, 6, scale=0.2, shift=1.0)
    far = exact(normal(2904, 4, 6, scale=0.2) + [2, -1, 0, 1, 0, 0])
    add("two groups 11+4 x6", np.concatenate([near, far]), 4)
    add("39+1 x1000", formula(39, 1000, 13, 7, 89, 30, 128), 1, 0.25)
    hand = add("two rows by hand", [[1, 0], [0, 1]], 2, 0.5)
    # 1 - cos(phi) = .5: 60 degrees from (1, 0), which is 45 from the mean, away from (0, 1).
    angle = -np.deg2rad(60)
    assert np.allclose(hand[0], [np.cos(angle), np.sin(angle)])
    add("one honest row", normal(2905, 1, 5), 2)
    add("parallel rows", [[1, 2], [2, 4], [3, 6]], 2)
    add("mean of zero", [[1, -2], [-1, 2]], 2)
    add("a row of zeros", [[1, 2, 0], [0, 0, 0], [2, 1, 0], [1, 1, 1]], 2)
    write(
        "AttacksTests/Fixtures/cluster-chain.json",
        {"script": "Tests/Reference/attacks_cluster_chain.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()

"""PoisonedFL in float64 -> Tests/AttacksTests/Fixtures/poisoned-fl.json.

Run with Python 3.11, numpy 2.4.6, scipy 1.18: `python3 Tests/Reference/attacks_poisoned_fl.py`.

Paper: Xie, Fang, Gong, "Model poisoning attacks to federated learning via multi-round consistency",
CVPR 2025, equations 5 to 7. In round t, with the change g = w_t - w_(t-1) of the global model and the
row k that was sent in round t - 1 (zeros if none), everybody sends c |g| v * s with
v = |g - (|g| / |k|) k| / its norm. Every E rounds after the first attacked one, c is multiplied by
beta unless P(Binomial(m, 1/2) >= X) <= 0.01, where X of the m coordinates that changed since the last
test have the sign of s. Changes of the model and sent rows are rounded to float32, as they are sent.

The signs s are bits of the stream at root 1, child "signs": 32 per word, lowest bit first, 1 is +.
"""

import numpy as np
from scipy.stats import binom

from fixture import exact, normal, write
from seeds import Stream, block

RUNS = []


def signs(count):
    label = 0xCBF29CE484222325
    for byte in b"signs":
        label = ((label ^ byte) * 0x100000001B3) % 2**64
    root = block(1, 0, 0)
    words = block(label, 2, root[0] | root[1] << 32)
    stream = Stream(words[0] | words[1] << 32)
    bits = [stream.word() for _ in range((count + 31) // 32)]
    return np.array([1.0 if bits[i // 32] >> (i % 32) & 1 else -1.0 for i in range(count)])


def run(name, d, rounds, c=8.0, every=2, decay=0.7, floor=0.0, follow=lambda t: 0.0, active=None):
    """`follow` is how far the model moves along s from round t to the next, beside noise of 1."""
    s = signs(d)
    w = normal(2400 + len(RUNS), 1, d)[0]
    models, rows, cs = [], [], []
    last, k, anchor = None, None, None
    for t in range(rounds):
        models.append(w)
        acts = active is None or t in active
        if anchor is None:
            anchor = (t, w) if acts else None
        elif t - anchor[0] >= every:
            change = w - anchor[1]
            m, x = np.sum(change != 0), np.sum(np.sign(change) * s > 0)
            if binom.sf(x - 1, m, 0.5) > 0.01 and decay * c >= floor:
                c = decay * c
            anchor = (t, w)
        row = np.zeros(d)
        if last is not None:
            g = exact(w - last)
            own = k if k is not None and np.any(k) else np.zeros(d)
            factor = np.linalg.norm(g) / np.linalg.norm(own) if np.any(own) else 0.0
            v = np.abs(g - factor * own)
            if np.any(v):
                row = c * np.linalg.norm(g) * (v / np.linalg.norm(v)) * s
        rows.append(row if acts else None)
        k = exact(row) if acts else None
        cs.append(c)
        last = w
        w = exact(w + normal(2500 + 50 * len(RUNS) + t, 1, d)[0] + follow(t) * s)
    RUNS.append(
        {
            "name": name,
            "arguments": {"c": cs[0], "test-every": every, "decay": decay, "floor": floor},
            "models": models,
            "acts": [row is not None for row in rows],
            "rows": [[] if row is None else row for row in rows],
            "c": cs,
        }
    )
    return cs


def main():
    assert np.allclose(run("noise", 40, 7), [8, 8, 5.6, 5.6, 3.92, 3.92, 2.744])
    assert run("the model follows", 40, 7, follow=lambda t: 9.0) == [8.0] * 7
    assert run("it stops following", 40, 8, follow=lambda t: 9.0 if t < 4 else 0.0)[4] == 8.0
    run("floor", 12, 9, floor=4.0)
    run("some rounds", 12, 9, every=3, active=[1, 2, 5, 6, 7])
    run("c 2, every round", 7, 5, c=2.0, every=1, decay=0.5)
    run("wide", 200, 4)
    tails = []
    for m in [0, 1, 2, 7, 40, 650, 7850, 139960, 1204682]:
        for x in sorted({0, m // 2, m // 2 + 1, int(m / 2 + 1.16 * m**0.5), int(m / 2 + 3 * m**0.5), m}):
            p = binom.sf(x - 1, m, 0.5)
            if p > 1e-20 and x <= m:
                tails.append([x, m, p])
    # The thresholds of the authors' code are the 99th percentiles, to one.
    for m, k in [[1204682, 603618], [139960, 70415], [717924, 359948], [145212, 73049]]:
        tails.append([k - 2, m, binom.sf(k - 3, m, 0.5)])
        tails.append([k + 2, m, binom.sf(k + 1, m, 0.5)])
        assert tails[-2][2] > 0.01 > tails[-1][2]
    write(
        "AttacksTests/Fixtures/poisoned-fl.json",
        {"script": "Tests/Reference/attacks_poisoned_fl.py", "runs": RUNS, "tails": tails},
    )


if __name__ == "__main__":
    main()

"""FLDetector over several rounds in float64 -> Tests/DefensesTests/Fixtures/fldetector.json.

Run with Python 3.11, numpy 2.4.6: `python3 Tests/Reference/rules_fldetector.py`.

Paper: Zhang, Cao, Jia, Gong, "FLDetector", KDD 2022, algorithms 1 to 3; the gap statistic is of
Tibshirani, Walther, Hastie, JRSS B 2001.

What H is in update space. The paper's clients send gradients g_i with g_i(w) - g_i(w') close to
H (w - w'), H an average Hessian, and the server steps w <- w - alpha g. Ours send updates
x_i = local - global, about -eta g_i after one local step, and the server adds. The same mean value
theorem gives x_i(w) - x_i(w') close to J (w - w') with J = -eta H, the derivative of an update by
the global model: mostly negative curvature. L-BFGS estimates J when it is given differences of
aggregated updates for the differences of aggregated gradients: below, A, D, L and sigma all take
the factor -eta, p does not change, and the product takes it once. So the prediction is
x^_i = x_i^{t-1} + J v with a plus, it is -eta times the paper's, every distance is eta times the
paper's, and the normalised distances are the same.

Conventions, rounds from t = 0, window N
- w_t is the global model at the start of round t, x_i^t a client's update, G_t the mean of the
  accepted rows of round t, without weights. Pairs: S_k = w_k - w_{k-1}, Y_k = G_k - G_{k-1}; a pair
  with S_k = 0 is left out. In round t the pairs up to k = t - 1 are known, the last N are used.
- Prediction: from the first round on with a pair, so from t = 2; the paper speaks of N pairs,
  fewer are the same formula with fewer columns. v = w_t - w_{t-1}; S, Y the matrices of the pairs,
  oldest first; A = S^T Y, D its diagonal, L its part below the diagonal,
  sigma = <Y_last, S_last> / <S_last, S_last>;
  p solves [[-D, L^T], [L, sigma S^T S]] p = [Y^T v; sigma S^T v];
  J v = sigma v - [Y, sigma S] p. Where the matrix is exactly singular J v = 0: the prediction is
  the last update.
- d_i = ||x^_i - x_i^t||, divided by the sum over the active clients; 1/n each if the sum is 0.
- score_i = the mean of the last N normalised distances, as soon as there are N: from t = N + 1.
  Before that the rule is the plain mean of the active rows.
- Decision, in each round with scores: more than one cluster? Smallest K with
  Gap(K) >= Gap(K+1) - s_{K+1}, on scores shifted and scaled to [0, 1];
  Gap(K) = mean_b log W_K^b - log W_K, s_K = sqrt(1 + 1/B) sd_b(log W_K^b) (population sd), W_K the
  smallest sum of squared distances from K cluster means, B = 20 reference sets, uniform on [0, 1].
  "K > 1" is exactly "K = 1 fails", so only K = 1 and 2 are needed. W_1 = 0 (equal scores): K = 1.
- If so: the best split of the sorted scores in two (2-means on a line is exact; of equally good
  splits the one that flags fewer), the part with the larger mean is flagged, in this round already.
- Flagged clients get weight 0 in this and all later rounds. The paper restarts the training; here
  it goes on, but the detector starts anew: pairs and distances are dropped, and the round of the
  decision counts as its first (what it remembers: w_t, the rows and G_t of the accepted). So the
  next prediction is two rounds later and the next decision N + 1 rounds later.

Models and rows are whole numbers times `unit` = 2^-12, so single precision holds them. The next
model is the old one plus the update, rounded to that grid. The seed of each simulation is the first
for which every decision is the same for 500 draws of the reference sets: `margin`, the range of
Gap(1) - Gap(2) + s_2 over them (negative: split), stays 0.2 away from 0. With few clients many
simulations are not so clear: the gap statistic also splits some honest ones.
J v is checked against the recursive BFGS formula, term by term. `sensitivity` is the largest
relative change of a normalised distance if each G_t is rounded to float32.
"""

import functools

import numpy as np

from fixture import write

UNIT = 2.0**-12
CLEAR = 0.2
CASES = []


def product(pairs, v):
    s, y = np.array([a for a, _ in pairs]).T, np.array([b for _, b in pairs]).T
    sigma = (y[:, -1] @ s[:, -1]) / (s[:, -1] @ s[:, -1])
    a = s.T @ y
    low = np.tril(a, -1)
    matrix = np.block([[-np.diag(np.diag(a)), low.T], [low, sigma * (s.T @ s)]])
    try:
        p = np.linalg.solve(matrix, np.concatenate([y.T @ v, sigma * (s.T @ v)]))
    except np.linalg.LinAlgError:
        return np.zeros_like(v)
    result = sigma * v - np.concatenate([y, sigma * s], axis=1) @ p
    b = sigma * np.eye(len(v))
    for s_k, y_k in pairs:
        b = b - np.outer(b @ s_k, s_k @ b) / (s_k @ b @ s_k) + np.outer(y_k, y_k) / (y_k @ s_k)
    assert np.linalg.norm(b @ v - result) < 1e-6 * np.linalg.norm(result), "ill-conditioned"
    return result


def least_squares(values, parts):
    """The smallest W_K for K = 1, 2, and the number of values in the lower part."""
    values = np.sort(values)
    n = len(values)
    if parts == 1:
        return float(np.sum((values - values.mean()) ** 2)), n
    best = None
    for cut in range(n - 1, 0, -1):  # fewest flagged first
        low, high = values[:cut], values[cut:]
        w = float(np.sum((low - low.mean()) ** 2) + np.sum((high - high.mean()) ** 2))
        if best is None or w < best[0]:
            best = (w, cut)
    return best


@functools.cache
def reference_logs(n, sets=20, seeds=500):
    """log W_1 and log W_2 of uniform reference sets, seeds x sets x 2."""
    logs = np.zeros((seeds, sets, 2))
    for seed in range(seeds):
        drawn = np.random.default_rng(seed).random((sets, n))
        logs[seed] = [[np.log(least_squares(u, k)[0]) for k in (1, 2)] for u in drawn]
    return logs


def gap_margins(scores):
    """Gap(1) - Gap(2) + s_2 for many seeds; at least 0 means one cluster."""
    lowest, highest = scores.min(), scores.max()
    if lowest == highest:
        return None
    scaled = (scores - lowest) / (highest - lowest)
    given = np.log([least_squares(scaled, 1)[0], least_squares(scaled, 2)[0]])
    logs = reference_logs(len(scores))
    gaps = logs.mean(axis=1) - given
    return gaps[:, 0] - gaps[:, 1] + np.sqrt(1 + 1 / logs.shape[1]) * logs[:, :, 1].std(axis=1)


def split(scores, clients):
    """The clients of the part with the larger mean."""
    _, cut = least_squares(scores, 2)
    order = sorted(range(len(scores)), key=lambda i: (scores[i], i))
    return sorted(clients[i] for i in order[cut:])


def detect(models, rows, window, decide, rounding=None):
    """Runs the rule; `decide(scores)` says whether there is more than one cluster."""
    n = rows[0].shape[0]
    active = list(range(n))
    pairs, distances, memory, rounds = [], [], None, []
    for t, (w, x) in enumerate(zip(models, rows, strict=True)):
        out = dict.fromkeys(["product", "distances", "normalized", "scores", "split", "margin"])
        flagged = []
        if pairs:
            old_w, old_x, _ = memory
            out["product"] = product(pairs[-window:], w - old_w)
            predicted = old_x + out["product"]
            d = np.sqrt(np.sum((predicted - x) ** 2, axis=1))[active]
            total = d.sum()
            normalized = d / total if total > 0 else np.full(len(d), 1 / len(d))
            distances.append(normalized)
            out["distances"], out["normalized"] = list(d), list(normalized)
            if len(distances) >= window:
                scores = np.mean(distances[-window:], axis=0)
                out["scores"] = list(scores)
                divided, out["margin"] = decide(t, scores)
                if len(set(scores.tolist())) > 1:
                    out["split"] = split(scores, active)
                flagged = out["split"] if divided else []
        out["active"] = list(active)
        out["flagged"] = flagged
        active = [i for i in active if i not in flagged]
        g = x[active].mean(axis=0)
        if rounding:
            g = rounding(g)
        out["update"] = g
        out["weights"] = [1 / len(active) if i in active else 0.0 for i in range(n)]
        if flagged:
            pairs, distances = [], []
        elif memory is not None and np.any(w != memory[0]):
            pairs.append((w - memory[0], g - memory[2]))
        memory = (w, x, g)
        rounds.append(out)
        yield out
        # The caller appends the next model and rows before it resumes.


class Unclear(Exception):
    """A decision that depends on the reference sets."""


def on_grid(x):
    return np.round(x / UNIT) * UNIT


def decide_by_gap(_, scores):
    margins = gap_margins(scores)
    if margins is None:
        return False, None
    lowest, highest = float(margins.min()), float(margins.max())
    if lowest < CLEAR and highest > -CLEAR:
        raise Unclear(lowest, highest)
    return highest < 0, [lowest, highest]


def add(name, start, client, n, window, count):
    """`client(i, t, w)` is the update of client i in round t from model w."""

    def send(t, w):
        x = on_grid(np.array([client(i, t, w) for i in range(n)]))
        assert np.max(np.abs(x / UNIT)) < 2**24
        return x

    models = [on_grid(start)]
    rows = [send(0, models[0])]
    rounds = []
    for t, out in enumerate(detect(models, rows, window, decide_by_gap)):
        rounds.append(out)
        if t + 1 == count:
            break
        models.append(on_grid(models[-1] + out["update"]))
        rows.append(send(t + 1, models[-1]))
    again = list(
        detect(
            models, rows, window, lambda t, _: (bool(rounds[t]["flagged"]), None),
            rounding=lambda g: np.float64(np.float32(g)),
        )
    )
    change = 0.0
    for a, b in zip(rounds, again, strict=True):
        if a["normalized"] is not None:
            p, q = np.array(a["normalized"]), np.array(b["normalized"])
            change = max(change, float(np.max(np.abs(p - q) / p)))
    print(f"{name}: sensitivity {change:.1e}")
    for t, out in enumerate(rounds):
        shown = [] if out["scores"] is None else np.round(out["scores"], 3).tolist()
        print("  ", t, shown, out["split"], out["margin"], "->", out["flagged"])
    CASES.append(
        {
            "name": name,
            "rule": "fldetector",
            "arguments": {"window": window},
            "unit": UNIT,
            "models": [np.round(w / UNIT).astype(int) for w in models],
            "rows": [np.round(x / UNIT).astype(int) for x in rows],
            "sensitivity": change,
            "expected": rounds,
        }
    )
    return rounds


def honest(seed, n, d, noise, spread=0.5):
    """Clients near a quadratic: -0.3 H_i (w - c_i) + noise_i, H_i around one diagonal."""
    g = np.random.default_rng(seed)
    base = np.linspace(0.3, 1.5, d)
    curvature = base * (1 + 0.1 * g.standard_normal((n, d)))
    centers = spread * g.standard_normal((n, d))
    draws = np.random.default_rng(seed + 1)
    level = np.broadcast_to(noise, (n,))

    def client(i, t, w):
        direction = draws.standard_normal(d)
        direction /= np.linalg.norm(direction) / np.sqrt(d)
        return -0.3 * curvature[i] * (w - centers[i]) + level[i] * direction

    return client, 3 * g.standard_normal(d)


def attacked(seed, n, d, attackers, noise, first=0, strength=1.0):
    """Attackers agree, to a hundredth, on a vector of its own for each round."""
    client, start = honest(seed, n, d, noise)

    def mixed(i, t, w):
        sent = client(i, t, w)
        vector = np.random.default_rng([seed, t]).standard_normal(d)
        vector *= strength * np.sqrt(d) / np.linalg.norm(vector)
        return vector * (1 + 0.01 * i / n) if i in attackers and t >= first else sent

    return mixed, start


def first_clear(name, base, n, window, count, make, wanted):
    """Adds the first simulation whose decisions do not depend on the reference sets."""
    for seed in range(base, base + 500):
        client, start = make(seed)
        try:
            rounds = add(f"{name}, window {window}", start, client, n, window, count)
        except Unclear:
            continue
        if [(t, out["flagged"]) for t, out in enumerate(rounds) if out["flagged"]] == wanted:
            print("seed", seed)
            return
        CASES.pop()
    raise AssertionError(f"no clear simulation: {name}")


def main():
    for base, n, d, window, count, attackers in [
        (600, 6, 5, 3, 12, [1, 4]),
        (1600, 8, 12, 5, 13, [0, 7]),
        (2600, 12, 40, 10, 14, [2, 3]),
    ]:
        first_clear(
            f"attackers {attackers}, {n}x{d}", base, n, window, count,
            lambda seed: attacked(seed, n, d, attackers, np.linspace(0.05, 0.1, n)),
            [(window + 1, attackers)],
        )
    first_clear(
        "attackers [5, 6] from round 5, 9x10", 3600, 9, 3, 13,
        lambda seed: attacked(seed, 9, 10, [5, 6], np.linspace(0.05, 0.1, 9), first=5),
        [(5, [5, 6])],
    )
    for base, n, d, window, count in [(4600, 8, 10, 4, 12), (5600, 12, 20, 6, 12)]:
        first_clear(
            f"no attackers, {n}x{d}", base, n, window, count,
            lambda seed: honest(seed, n, d, np.linspace(0.02, 0.1, n)), [],
        )
    fixed = np.random.default_rng(660).standard_normal((6, 5))
    rounds = add("constant updates, 6x5, window 3", np.zeros(5), lambda i, t, w: fixed[i], 6, 3, 8)
    assert all(not np.any(out["product"]) for out in rounds[2:])
    write(
        "DefensesTests/Fixtures/fldetector.json",
        {"script": "Tests/Reference/rules_fldetector.py", "cases": CASES},
    )


if __name__ == "__main__":
    main()

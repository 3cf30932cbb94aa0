"""Accuracy and ASR curves, persistence after the attack window, a part of metrics.py.

Run with numpy 2.4.6 through `python3 Tests/Reference/metrics.py`.

Paper: lifespan, Zhang et al. "Neurotoxin" ICML 2022 (threshold 0.5).

Conventions. Round r counts from 0, a value at r is measured after round r, the window is
start <= r < stop, "the end of the window" is r = stop - 1, R rounds in all, T = R - stop rounds
are observed afterwards. excess_r = asr_r - twin asr_r, paired by round; E = excess at stop - 1.
Durations count from the end of the window: something true from round r on has the value
r - stop + 1, so the first round after the window is 1. A censored value is T. With T = 0 every
persistence value is null (nothing was observed), reason "no-rounds-after".
- retention: mean excess over r >= stop / E; null, reason "never-took", where E < 0.05.
- lifespan: max{r - stop + 1 : r >= stop, asr_r > 0.5} (strict), 0 if none; censored where the last
  round is still above. Never null for "never-took": where the twin itself is above 0.5, so may be
  the attacked run, and the lifespan says so.
- halfLife: first r >= stop with excess <= E / 2 at r, r + 1 and r + 2, as r - stop + 1; null,
  "never-took", where E < 0.05; censored if no such r, also when fewer than 3 rounds are left.
- auc: mean asr over r >= stop.
- recovery: first r >= stop with twin accuracy - accuracy <= 0.02 at r, r + 1 and r + 2, as
  r - stop + 1; null, "never-left", where that held at every r >= start (window and after); censored
  like halfLife. The band is one-sided: better than the twin counts as recovered.
- drop: twin - attacked accuracy at stop - 1; dropPeak: the largest over all rounds.
No fixture has a gap within 1e-6 of 0.02 or an excess within 1e-6 of E / 2, other than exact
binary fractions: E / 2 met exactly counts as at or below.
"""

import numpy as np

BAND, TOOK, ALIVE, STAY = 0.02, 0.05, 0.5, 3


def first_stay(inside, start):
    """The first index from `start` on at which `inside` holds for STAY rounds, or None."""
    for r in range(start, len(inside) - STAY + 1):
        if all(inside[r : r + STAY]):
            return r
    return None


def duration(inside, stop):
    r = first_stay(inside, stop)
    rounds = len(inside)
    if r is None:
        return {"value": rounds - stop, "censored": True}
    return {"value": r - stop + 1, "censored": False}


def absent(reason):
    return {"value": None, "censored": False, "reason": reason}


def known(value):
    return {"value": value, "censored": False}


def guarded(values, threshold):
    for value in values:
        assert value == threshold or abs(value - threshold) > 1e-6, (value, threshold)


def asr_metrics(asr, twin, stop):
    asr, twin = np.asarray(asr, dtype=float), np.asarray(twin, dtype=float)
    if len(asr) == stop:
        none = absent("no-rounds-after")
        return {"retention": none, "lifespan": none, "halfLife": none, "auc": none}
    excess = asr - twin
    end = float(excess[stop - 1])
    after = asr[stop:]
    alive = np.flatnonzero(after > ALIVE)
    life = int(alive[-1]) + 1 if len(alive) else 0
    result = {
        "lifespan": {"value": life, "censored": life == len(after)},
        "auc": known(float(np.mean(after))),
    }
    if end < TOOK:
        result["retention"] = result["halfLife"] = absent("never-took")
    else:
        guarded(excess[stop:], end / 2)
        result["retention"] = known(float(np.mean(excess[stop:])) / end)
        result["halfLife"] = duration((excess <= end / 2).tolist(), stop)
    return result


def accuracy_metrics(accuracy, twin, start, stop):
    accuracy, twin = np.asarray(accuracy, dtype=float), np.asarray(twin, dtype=float)
    gap = twin - accuracy
    guarded(gap, BAND)
    inside = (gap <= BAND).tolist()
    if len(inside) == stop:
        recovery = absent("no-rounds-after")
    elif all(inside[start:]):
        recovery = absent("never-left")
    else:
        recovery = duration(inside, stop)
    return {
        "recovery": recovery,
        "drop": float(twin[stop - 1] - accuracy[stop - 1]),
        "dropPeak": float(np.max(twin - accuracy)),
    }


def asr_case(name, asr, twin, start, stop):
    if not isinstance(twin, list):
        twin = [twin] * len(asr)
    assert len(asr) == len(twin) and 0 <= start < stop <= len(asr)
    return {
        "name": name,
        "start": start,
        "stop": stop,
        "asr": asr,
        "twin": twin,
        "expected": asr_metrics(asr, twin, stop),
    }


def accuracy_case(name, accuracy, twin, start, stop):
    if not isinstance(twin, list):
        twin = [twin] * len(accuracy)
    assert len(accuracy) == len(twin) and 0 <= start < stop <= len(accuracy)
    return {
        "name": name,
        "start": start,
        "stop": stop,
        "accuracy": accuracy,
        "twin": twin,
        "expected": accuracy_metrics(accuracy, twin, start, stop),
    }


def asr_cases():
    up = [0.1, 0.4, 0.8, 0.9]
    base = [0.1, 0.12, 0.09, 0.1, 0.11, 0.08, 0.1, 0.12, 0.1, 0.09]
    return [
        asr_case("decays", up + [0.85, 0.7, 0.55, 0.4, 0.2, 0.15], base, 0, 4),
        asr_case("dies at once", up + [0.2, 0.15, 0.1, 0.1, 0.1, 0.1], base, 0, 4),
        asr_case("survives", up + [0.9, 0.91, 0.88, 0.93, 0.95, 0.9], base, 0, 4),
        asr_case("comes back", up + [0.3, 0.2, 0.7, 0.6, 0.3, 0.2, 0.1], 0.1, 1, 4),
        asr_case("dips twice", up + [0.3, 0.3, 0.8, 0.3, 0.3, 0.3, 0.3], 0.1, 1, 4),
        asr_case("two rounds left", up + [0.9, 0.9, 0.9, 0.9, 0.2, 0.2], base, 0, 4),
        asr_case("exactly three left", up + [0.9, 0.9, 0.9, 0.2, 0.2, 0.2], base, 0, 4),
        asr_case("alive in the last round only", up + [0.2, 0.2, 0.2, 0.2, 0.2, 0.6], base, 0, 4),
        asr_case("half met exactly", [0.0, 0.75, 0.75, 0.375, 0.375, 0.375], 0.0, 0, 2),
        asr_case("exactly 0.5 is not alive", [0.0, 0.75, 0.5, 0.5, 0.5, 0.25], 0.0, 0, 2),
        asr_case("never took", [0.1, 0.12, 0.13, 0.1, 0.1, 0.1, 0.1], 0.1, 0, 3),
        asr_case("never took, confused model", [0.6, 0.6, 0.61, 0.7, 0.6, 0.4], 0.6, 0, 3),
        asr_case("excess just below", [0.5, 0.546875, 0.2, 0.2, 0.2], 0.5, 0, 2),
        asr_case("excess just above", [0.5, 0.5625, 0.2, 0.2, 0.2], 0.5, 0, 2),
        asr_case("below the twin at the end", [0.1, 0.05, 0.3, 0.2, 0.1], 0.2, 0, 2),
        asr_case("moving twin", up + [0.8, 0.7, 0.7, 0.7], [0.1] * 4 + [0.2, 0.4, 0.5, 0.6], 0, 4),
        asr_case("no round after", up, 0.1, 0, 4),
        asr_case("one round after", up + [0.7], 0.1, 0, 4),
        asr_case("one dead round after", up + [0.1], 0.1, 0, 4),
    ]


def accuracy_cases():
    twin = [0.3, 0.5, 0.7, 0.8, 0.85, 0.88, 0.9, 0.91, 0.92, 0.92]
    hurt = [0.3, 0.4, 0.2, 0.1]
    return [
        accuracy_case("recovers", hurt + [0.5, 0.8, 0.89, 0.9, 0.915, 0.91], twin, 1, 4),
        accuracy_case("at once", hurt + [0.84, 0.87, 0.89, 0.91, 0.92, 0.92], twin, 1, 4),
        accuracy_case("never", hurt + [0.5, 0.6, 0.7, 0.7, 0.8, 0.8], twin, 1, 4),
        accuracy_case("two rounds left", hurt + [0.5, 0.6, 0.7, 0.7, 0.91, 0.92], twin, 1, 4),
        accuracy_case("leaves again", hurt + [0.84, 0.87, 0.7, 0.9, 0.92, 0.91], twin, 1, 4),
        accuracy_case("never left", [v - 0.01 for v in twin], twin, 1, 4),
        accuracy_case(
            "left before the start only", [0.1, 0.2, 0.7, 0.79] + twin[4:], twin, 2, 4
        ),
        accuracy_case("left after the window", twin[:4] + [0.7, 0.7] + twin[6:], twin, 1, 4),
        accuracy_case("above the twin", twin[:4] + [0.95] + twin[5:], twin, 1, 4),
        accuracy_case("no round after", hurt, twin[:4], 1, 4),
        accuracy_case("better than the twin", [0.5, 0.6, 0.6, 0.6, 0.6], 0.5, 0, 2),
        accuracy_case("better after the window", hurt + [0.9, 0.95, 0.95, 0.95], 0.85, 1, 4),
        accuracy_case("better, then worse", hurt + [0.9, 0.9, 0.7, 0.9, 0.9, 0.9], 0.85, 1, 4),
    ]


def sections():
    return {"persistence": asr_cases(), "recovery": accuracy_cases()}

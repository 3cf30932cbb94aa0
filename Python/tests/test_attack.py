"""Attacks that remember rounds, and what becomes of their handles."""

import ctypes
import gc
import threading

import numpy as np
import pytest

import gauntlet_fl as gauntlet
from gauntlet_fl import Attack, GauntletError, _native


@pytest.fixture
def rounds():
    """Honest rows and models of four rounds."""
    draws = np.random.default_rng(11)
    return [
        (draws.normal(size=(8, 23)).astype(np.float32), draws.normal(size=23).astype(np.float32))
        for _ in range(4)
    ]


def test_the_first_round_is_that_of_craft(updates):
    for name, options in [("alie", {"z": 1.5}), ("gaussian-noise", {}), ("mimic", {})]:
        found = Attack(name, f=2, seed=9, **options).craft(None, updates)
        wanted = gauntlet.craft(None, updates, name, f=2, seed=9, **options)
        assert np.array_equal(found.rows, wanted.rows) and found.figures == wanted.figures


def test_draws_are_of_the_round(updates):
    attack = Attack("gaussian-noise", f=2)
    rows = [attack.craft(None, updates).rows for _ in range(3)]
    assert not np.array_equal(rows[0], rows[1]) and not np.array_equal(rows[1], rows[2])
    again = Attack("gaussian-noise", f=2)
    for wanted in rows:
        assert np.array_equal(again.craft(None, updates).rows, wanted)


def test_an_attack_follows_the_model(rounds):
    """PoisonedFL: |change - own row of before, scaled to its length|, at c times that length.

    The formulas again in NumPy; the signs are read off the rows.
    """
    attack = Attack("poisoned-fl", f=3, c=8, rounds=4)
    before, last = None, None
    for number, (honest, model) in enumerate(rounds):
        rows = attack.craft(None, honest, model=model).rows.astype(float)
        assert np.array_equal(rows[0], rows[2])
        if before is None:
            assert not rows.any(), "it has seen one model"
        else:
            change = model.astype(float) - before
            length = np.linalg.norm(change)
            own = 0.0 if not np.any(last) else last * length / np.linalg.norm(last)
            sizes = np.abs(change - own)
            wanted = 8 * length * sizes / np.linalg.norm(sizes)
            assert np.allclose(np.abs(rows[0]), wanted, rtol=1e-4, atol=1e-5), f"round {number}"
            if number > 1:
                assert np.array_equal(np.sign(rows[0]), np.sign(last))
        before, last = model.astype(float), rows[0]


def test_the_rehearsed_defense_remembers(rounds):
    options = dict(f=2, defense="centered-clipping:tau=0.5", seed=3)
    attack = Attack("opt-ipm", **options)
    figures = [attack.craft(None, honest).figures for honest, _ in rounds]
    alone = []
    for honest, _ in rounds:
        alone.append(Attack("opt-ipm", **options).craft(None, honest).figures)
    assert figures[0] == alone[0]
    assert any(found != fresh for found, fresh in zip(figures[1:], alone[1:]))


def test_a_refused_round_leaves_no_trace(rounds):
    attack, steady = (Attack("mimic", f=1) for _ in range(2))
    for honest, _ in rounds:
        with pytest.raises(GauntletError, match="row 2 has values that are not finite"):
            broken = honest.copy()
            broken[2, 1] = np.nan
            attack.craft(None, broken)
        found, wanted = attack.craft(None, honest), steady.craft(None, honest)
        assert found.figures == wanted.figures and np.array_equal(found.rows, wanted.rows)
    assert attack.round == len(rounds)


@pytest.mark.parametrize("name", sorted(gauntlet.methods("attack")))
def test_what_is_remembered_is_a_copy(rounds, name):
    """Rows of a round are gone, and overwritten, before the next one comes."""
    kept, reused = (
        Attack(name, f=2, rounds=4, defense="centered-clipping") for _ in range(2)
    )
    memory = np.empty((8, 23), dtype=np.float32)
    for honest, model in rounds:
        memory[:] = honest
        try:
            wanted = kept.craft(None, honest, model=model)
        except GauntletError as first:
            with pytest.raises(GauntletError) as second:
                reused.craft(None, memory, model=model)
            assert str(second.value) == str(first)
            return
        found = reused.craft(None, memory, model=model)
        assert np.array_equal(found.rows, wanted.rows, equal_nan=True)
        memory[:] = 1e6


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda u: Attack("alie").craft(None, u), "give the number of attackers"),
        (lambda u: Attack("alie", f=0), "f is 0"),
        (lambda u: Attack("alie", f=1, rounds=0), "rounds is 0"),
        (lambda u: Attack("alie", f=3).craft(u[:2], u), "own: has 2 rows, and f is 3"),
        (lambda u: Attack("alice", f=1).craft(None, u), "did you mean 'alie'"),
        (lambda u: Attack("alie", f=1, zz=1).craft(None, u), "unknown parameter 'zz'"),
        (lambda u: Attack("label-flip", f=1).craft(None, u), "label-flip: poisons data or trains"),
        (lambda u: Attack("alie", f=1, stages=["nnm:f=1"]), "belong to a defense"),
        (lambda u: Attack("alie", f=1).craft(None, u, root=u[0]), "belongs to a defense"),
        (lambda u: Attack("opt-ipm", f=1).craft(None, u), "opt-ipm: rehearses the defense"),
        (lambda u: Attack("opt-ipm", f=1, defense="krumm").craft(None, u), "did you mean 'krum'"),
        (lambda u: Attack("alie", f=1).craft(None, u, model=u[0][:3]), "model: has the shape"),
    ],
)
def test_mistakes_are_told(updates, make, text):
    with pytest.raises(GauntletError, match=text):
        make(updates)


def test_rounds_have_one_shape(updates):
    attack = Attack("alie", f=2)
    attack.craft(None, updates)
    with pytest.raises(GauntletError, match="9 x 37, and the attack was made for 10 x 37"):
        attack.craft(None, updates[:9])
    with pytest.raises(GauntletError, match="10 x 36, and the attack was made for 10 x 37"):
        attack.craft(None, updates[:, :36].copy())
    with pytest.raises(GauntletError, match="own: has 3 rows, and f is 2"):
        attack.craft(updates[:3], updates)
    assert attack.round == 1


def test_closed(updates):
    with Attack("alie", f=1) as attack:
        attack.craft(None, updates)
    with pytest.raises(GauntletError, match="closed"):
        attack.craft(None, updates)
    attack.close()


def test_forged_handles_are_errors(updates):
    attack = Attack("alie", f=1)
    attack.craft(None, updates)
    number = attack._open.number
    attack._open.close()
    with pytest.raises(GauntletError, match=f"no open attack {number}"):
        attack.craft(None, updates)
    assert all(_native.library().gauntlet_attack_close(n) == 1 for n in (0, -1, 2**62, number))


def test_handles_are_freed(updates):
    def opened():
        attack = Attack("alie", f=1)
        attack.craft(None, updates)
        return attack._open.number

    before = opened()
    for _ in range(100):
        opened()
    gc.collect()
    close = _native.library().gauntlet_attack_close
    assert [n for n in range(before, before + 102) if close(n) == 0] == []


def test_many_threads_on_one_attack(updates):
    attack = Attack("mimic", f=1, threads=2)
    attack.craft(None, updates)
    errors = []

    def work():
        try:
            for _ in range(20):
                attack.craft(None, updates)
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []


ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)


def _open(**changes):
    number = ctypes.c_int64()
    arguments = dict(
        attack=b"alie", attackers=2, honest=4, columns=3, rounds=1, rule=None, stages=None,
        count=0, seed=1, handle=ctypes.byref(number),
    )
    arguments.update(changes)
    _native.call("gauntlet_attack_open", *arguments.values())
    return number.value


def _craft(number, **changes):
    result = np.empty((2, 3), dtype=np.float32)
    arguments = dict(
        own=None, honest=ROWS.ctypes.data, rows=4, columns=3, model=None, root=None, round=0,
        threads=1, result=result.ctypes.data, report=None,
    )
    arguments.update(changes)
    _native.call("gauntlet_attack_craft", number, *arguments.values())
    return result


@pytest.mark.parametrize(
    "changes, text",
    [
        ({"attack": None}, "the attack is null"),
        ({"attack": b"\xff\xfe"}, "unknown attack"),
        ({"attackers": 0}, "the number of attackers is 0"),
        ({"attackers": 2**63 - 1}, "the number of attackers is"),
        ({"honest": 0}, "is 0 x 3"),
        ({"columns": 2**62, "honest": 2**62}, "too large"),
        ({"rounds": 0}, "the number of rounds is 0"),
        ({"rule": b"krum:f=1", "count": 1}, "stages are null"),
        ({"handle": None}, "slot is null"),
    ],
)
def test_hostile_openings(changes, text):
    with pytest.raises(GauntletError, match=text):
        _open(**changes)


@pytest.mark.parametrize(
    "changes, text",
    [
        ({"honest": None}, "the honest are null"),
        ({"honest": ROWS.ctypes.data + 1}, "not aligned"),
        ({"own": ROWS.ctypes.data + 2}, "not aligned"),
        ({"result": None}, "the result is null"),
        ({"result": ROWS.ctypes.data + 2}, "not aligned"),
        ({"rows": 3}, "3 x 3, and the attack was made for 4 x 3"),
        ({"rows": -(2**63)}, "the attack was made for 4 x 3"),
        ({"columns": 2**62}, "the attack was made for 4 x 3"),
        ({"round": -1}, "the round is -1"),
        ({"threads": 0}, "threads is 0"),
    ],
)
def test_hostile_calls(changes, text):
    number = _open()
    with pytest.raises(GauntletError, match=text):
        _craft(number, **changes)
    assert np.isfinite(_craft(number)).all()

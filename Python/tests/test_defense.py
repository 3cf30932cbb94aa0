"""Rules that remember rounds, and what becomes of handles."""

import gc
import os
import threading

import numpy as np
import pytest

import gauntlet_fl as gauntlet
from gauntlet_fl import Defense, GauntletError, _native


def test_a_rule_remembers(updates):
    defense = Defense("foolsgold")
    first = defense.aggregate(updates).update
    second = defense.aggregate(updates[::-1].copy()).update
    assert defense.round == 2
    afresh = Defense("foolsgold")
    assert np.array_equal(first, afresh.aggregate(updates).update)
    assert np.array_equal(second, afresh.aggregate(updates[::-1].copy()).update)
    assert not np.array_equal(second, Defense("foolsgold").aggregate(updates[::-1].copy()).update)


@pytest.mark.parametrize("rule", sorted(gauntlet.methods("defense")))
def test_what_is_remembered_is_a_copy(rule):
    """Rows of a round are gone, and overwritten, before the next one comes."""
    draws = np.random.default_rng(3)
    rounds = [draws.normal(size=(12, 19)).astype(np.float32) for _ in range(4)]
    try:
        kept, reused = (Defense(rule, participants=12, rounds=4) for _ in range(2))
    except GauntletError as first:
        try:
            kept, reused = (Defense(rule, participants=12, rounds=4, f=2) for _ in range(2))
        except GauntletError:
            pytest.skip(str(first))
    memory = np.empty((12, 19), dtype=np.float32)
    for number, rows in enumerate(rounds):
        memory[:] = rows
        root = rows.mean(axis=0)
        wanted = kept.aggregate(rows, root=root)
        found = reused.aggregate(memory, root=root)
        assert np.array_equal(found.update, wanted.update), f"round {number}"
        assert found.dispositions == wanted.dispositions
        memory[:] = 1e6
    del rounds


def test_clients_in_any_order(updates):
    ids = [3, 1, 4, 15, 9, 2, 6, 5, 35, 8]
    defense = Defense("multi-krum", f=2, clients=40)
    result = defense.aggregate(updates, clients=ids, weights=range(1, 11))
    assert result.dispositions[7] == "rejected" and np.argmax(result.suspicion) == 7
    plain = gauntlet.aggregate(updates, "multi-krum", f=2)
    assert np.allclose(result.update, plain.update)
    for name, value in plain.report.items():
        assert result.report[name] == value


@pytest.mark.parametrize(
    "clients, text",
    [
        ([0] * 10, "names one twice"),
        (list(range(9)), "one whole number for each of 10 rows"),
        ([0.5] * 10, "one whole number for each"),
        (list(range(-1, 9)), "at least 0"),
        (list(range(1, 11)), "client 10, and the defense was made for 10"),
    ],
)
def test_wrong_clients(updates, clients, text):
    with pytest.raises(GauntletError, match=text):
        Defense("mean").aggregate(updates, clients=clients)


def test_fewer_rows_do_and_more_do_not(updates):
    defense = Defense("krum", f=2, participants=10)
    defense.aggregate(updates[:9])
    with pytest.raises(GauntletError, match="11 rows, and the defense was made for 10"):
        defense.aggregate(np.vstack([updates, updates[:1]]))
    assert defense.round == 1, "a refused round does not count"
    defense.aggregate(updates)


def test_mistakes_come_early_where_the_number_of_rows_is_known():
    with pytest.raises(GauntletError, match="did you mean 'krum'"):
        Defense("krumm", f=2, participants=10)
    with pytest.raises(GauntletError, match="krum: "):
        Defense("krum", f=5, participants=10)
    with pytest.raises(GauntletError, match="the number of clients is 5"):
        Defense("mean", participants=10, clients=5)


def test_closed(updates):
    with Defense("mean") as defense:
        defense.aggregate(updates)
    with pytest.raises(GauntletError, match="closed"):
        defense.aggregate(updates)
    defense.close()


def test_a_forged_handle_is_an_error(updates):
    defense = Defense("mean", participants=10)
    number = defense._open._number
    defense._open.close()
    with pytest.raises(GauntletError, match=f"no open defense {number}"):
        defense.aggregate(updates)


def test_handles_are_freed(updates):
    before = Defense("mean", participants=1)._open._number
    for _ in range(100):
        Defense("mean", participants=10).aggregate(updates)
    gc.collect()
    opened = [n for n in range(before, before + 102) if _native.library().gauntlet_defense_close(n) == 0]
    assert opened == []


def test_many_threads_on_one_defense(updates):
    defense = Defense("centered-clipping", participants=10, threads=2)
    defense.aggregate(updates)
    errors = []

    def work():
        try:
            for _ in range(20):
                defense.aggregate(updates)
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_process_aggregates_too(updates):
    rows = np.tile(updates, (1, 500))
    wanted = gauntlet.aggregate(rows, "median", threads=4).update
    child = os.fork()
    if child == 0:
        same = np.array_equal(gauntlet.aggregate(rows, "median", threads=4).update, wanted)
        os._exit(0 if same else 1)
    _, status = os.waitpid(child, 0)
    assert status == 0

"""Adapters for other libraries, each where the library is installed.

Where one is not, its tests are skipped and say so; with ``GAUNTLET_REQUIRE_PEERS=byzfl,flwr`` the
named ones have to be there.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from worker_host import Host

SOURCES = Path(__file__).parents[1] / "src"
ROWS = np.random.default_rng(3).normal(size=(11, 40)).astype(np.float32)


def needs(name):
    if importlib.util.find_spec(name) is None:
        if name in os.environ.get("GAUNTLET_REQUIRE_PEERS", "").split(","):
            pytest.fail(f"{name} is not installed, and GAUNTLET_REQUIRE_PEERS asks for it")
        pytest.skip(f"SKIPPED: {name} is not installed, so its adapter is not tested")
    if importlib.util.find_spec("gauntlet_fl") is None:
        sys.path.insert(0, str(SOURCES))


@pytest.fixture(scope="module")
def begin(tmp_path_factory):
    """Starts adapters; one with the same arguments as before is the one from before."""
    hosts = {}

    def beginning(adapter, *arguments):
        if (adapter, arguments) not in hosts:
            path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), *sys.path]))
            hosts[adapter, arguments] = Host(
                tmp_path_factory.mktemp(adapter),
                [sys.executable, "-m", f"gauntlet_fl.adapters.{adapter}", *arguments], "mapped",
                {"PYTHONPATH": path})
        return hosts[adapter, arguments]

    yield beginning
    for host in hosts.values():
        host.__exit__()


# ByzFL ---------------------------------------------------------------------------------------

BYZFL = [
    "Average", "Median", "TrMean", "GeometricMedian", "Krum", "MultiKrum", "CenteredClipping:tau=2",
    "MDA", "MoNNA", "Meamed", "CAF", "SMEA",
]


@pytest.mark.parametrize("rule", BYZFL)
def test_a_rule_of_byzfl_gives_what_byzfl_gives(begin, rule):
    needs("byzfl")
    import byzfl
    name, _, _ = rule.partition(":")
    host = begin("byzfl")
    assert host.hello(dimension=40, rows_max=11, f=2, params={"rule": rule})["name"] == "byzfl"
    given = {} if name in ("Average", "Median", "GeometricMedian") else {"f": 2}
    given = {"tau": 2.0} if "tau" in rule else given
    peer = getattr(byzfl, name)(**given)
    for seed in (5, 6):
        reply, result = host.aggregate(ROWS, seed=seed)
        assert reply["type"] == "aggregated", reply
        np.random.seed(seed)
        np.testing.assert_array_equal(result, np.asarray(peer(ROWS.copy()), np.float32))


@pytest.mark.parametrize("stage", ["NNM", "Bucketing:s=2", "Clipping:c=1", "ARC"])
def test_a_stage_of_byzfl_comes_before_the_rule(begin, stage):
    needs("byzfl")
    import byzfl
    name, _, _ = stage.partition(":")
    host = begin("byzfl")
    host.hello(dimension=40, f=2, params={"rule": "TrMean:f=1", "stages": [stage]})
    given = {"NNM": {"f": 2}, "Bucketing": {"s": 2}, "Clipping": {"c": 1.0}, "ARC": {"f": 2}}[name]
    np.random.seed(5)
    peer = byzfl.TrMean(f=1)(getattr(byzfl, name)(**given)(ROWS.copy()))
    # Updates that a stage changes in place are not the shared ones.
    for _ in range(2):
        np.testing.assert_array_equal(host.aggregate(ROWS)[1], peer.astype(np.float32))


@pytest.mark.parametrize("params, words", [
    ({"rule": "TrMaen"}, "did you mean TrMean?"),
    ({"rule": "TrMean:g=1"}, "TrMean has no parameter 'g'; it has: f"),
    ({"rule": "TrMean:f"}, "write f=value"),
    ({"rule": "Median", "stages": ["Median"]}, "unknown stage 'Median'"),
    ({}, "params need a rule: Average, "),
    ({"rul": "Median"}, "did you mean 'rule'?"),
    ({"rule": "TrMean"}, "write TrMean:f=2"),
])
def test_what_byzfl_has_not_is_refused(begin, params, words):
    needs("byzfl")
    host = begin("byzfl")
    assert words in host.hello(dimension=40, f=None, params=params)["message"]
    # Fewer rows than the rule can do with.
    host.hello(dimension=40, f=2, params={"rule": "TrMean"})
    assert "2f" in host.aggregate(ROWS[:4])[0]["message"]


def test_the_list_has_all_of_byzfl(begin):
    needs("byzfl")
    listed = begin("byzfl", "--list").process.stdout.read().decode()
    for rule in BYZFL:
        assert f"rule {rule.partition(':')[0]}(" in listed
    for stage in ("NNM", "Bucketing", "Clipping", "ARC"):
        assert f"stage {stage}(" in listed
    assert len(listed.splitlines()) >= 16


def test_a_rule_of_byzfl_on_the_command_line(begin):
    needs("byzfl")
    host = begin("byzfl", "--rule", "CenteredClipping:tau=2", "--stage", "NNM")
    ready = host.hello(dimension=40, f=2)
    assert ready["name"] == "byzfl-NNM-CenteredClipping" and ready["stateful"]
    first = host.aggregate(ROWS)[1]
    assert (host.aggregate(ROWS)[1] != first).any()
    # The next trial starts from nothing.
    host.hello(dimension=40, f=2)
    assert (host.aggregate(ROWS)[1] == first).all()
    assert host.end() == (0, b"")
    host = begin("byzfl", "--rule", "Trmean")
    assert host.process.wait(120) != 0 and "did you mean TrMean?" in host.words()


# ByzPy ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule, like", [
    ("CoordinateWiseMedian", lambda rows: np.median(rows, axis=0)),
    ("CoordinateWiseTrimmedMean", lambda rows: np.sort(rows, axis=0)[2:-2].mean(axis=0)),
    ("MultiKrum:q=11,f=0", lambda rows: rows.mean(axis=0)),
])
def test_a_rule_of_byzpy_gives_what_its_definition_says(begin, rule, like):
    needs("byzpy")
    host = begin("byzpy")
    host.hello(dimension=40, f=2, params={"rule": rule})
    reply, result = host.aggregate(ROWS)
    assert reply["type"] == "aggregated", reply
    np.testing.assert_allclose(result, like(ROWS), atol=1e-6)


def test_every_rule_and_stage_of_byzpy_answers(begin):
    needs("byzpy")
    listed = begin("byzpy", "--list").process.stdout.read().decode().split("\n")
    rules = [line.split()[1].partition("(")[0] for line in listed if line.startswith("rule")]
    stages = [line.split()[1].partition("(")[0] for line in listed if line.startswith("stage")]
    assert len(rules) >= 12 and len(stages) >= 4
    extra = {"MultiKrum": ":q=3", "CenteredClipping": ":c_tau=1", "Bucketing": ":bucket_size=2"}
    chosen = [{"rule": rule + extra.get(rule, "")} for rule in rules] + [
        {"rule": "Krum", "stages": [stage + extra.get(stage, "")]} for stage in stages]
    host = begin("byzpy")
    for params in chosen:
        results = []
        for _ in range(2):
            assert host.hello(dimension=40, f=2, params=params)["type"] == "ready"
            reply, result = host.aggregate(ROWS)
            assert reply["type"] == "aggregated", (params, reply)
            results.append(result)
        np.testing.assert_array_equal(*results)
    assert "MultiKrum needs q" in host.hello(dimension=40, params={"rule": "MultiKrum"})["message"]


@pytest.mark.parametrize("library", ["byzfl", "byzpy"])
def test_a_library_that_is_not_there_is_named(library):
    if importlib.util.find_spec(library) is not None:
        pytest.skip(f"{library} is installed")
    done = subprocess.run(
        [sys.executable, "-m", f"gauntlet_fl.adapters.{library}", "--rule", "Krum"],
        env={**os.environ, "PYTHONPATH": str(SOURCES)}, capture_output=True, text=True)
    assert done.returncode != 0 and f"pip install {library}" in done.stderr


# Flower --------------------------------------------------------------------------------------


class Grid:
    def __init__(self, count):
        self.count = count

    def get_node_ids(self):
        return range(1, self.count + 1)


class Median:
    """A rule like those of `gauntlet_fl.Defense`, in NumPy."""

    def __init__(self):
        self.weights = []

    def aggregate(self, updates, weights):
        assert updates.dtype == np.float32 and updates.flags.c_contiguous
        self.weights.append(weights.tolist())
        return np.median(updates, axis=0)


def flower_round(strategy, arrays, changes, examples=None):
    """Lets clients answer with the global arrays plus a change each, and aggregates."""
    from flwr.app import Array, ArrayRecord, ConfigRecord, Message, MetricRecord, RecordDict
    if importlib.util.find_spec("flwr.supercore.task_identity") is not None:
        # Where Flower runs a task it says so to the process; messages are made for one only.
        from flwr.supercore.task_identity import TaskIdentity
        TaskIdentity.run_id = TaskIdentity.node_id = TaskIdentity.task_id = 1
    sent = list(strategy.configure_train(1, arrays, ConfigRecord(), Grid(len(changes))))
    replies = []
    for row, (message, change) in enumerate(zip(sent, changes)):
        new = ArrayRecord()
        for key, value in change(
                {key: each.numpy() for key, each in arrays.items()}).items():
            new[key] = Array(np.asarray(value))
        metrics = MetricRecord({
            "num-examples": (examples or [10] * len(changes))[row], "loss": float(row)})
        replies.append(Message(RecordDict({"arrays": new, "metrics": metrics}), reply_to=message))
    return strategy.aggregate_train(1, replies)


@pytest.fixture
def model():
    needs("flwr")
    from flwr.app import Array, ArrayRecord
    record = ArrayRecord()
    record["w"] = Array(np.arange(4, dtype=np.float32).reshape(2, 2))
    record["steps"] = Array(np.array(7, np.int64))
    record["b"] = Array(np.array([1, -1], np.float64))
    return record


def adding(amount, steps=8):
    return lambda arrays: {
        "w": arrays["w"] + np.float32(amount), "steps": np.array(steps, np.int64),
        "b": arrays["b"] - amount}


def test_a_flower_round_is_aggregated_by_a_rule(model):
    from gauntlet_fl.adapters.flower import RobustStrategy
    rule = Median()
    strategy = RobustStrategy(rule, min_available_nodes=3, server_rate=2.0)
    arrays, metrics = flower_round(
        strategy, model, [adding(1), adding(3), adding(1000, steps=10**9)], [10, 10, 20])
    assert arrays["w"].numpy().tolist() == [[6, 7], [8, 9]]
    assert arrays["w"].numpy().dtype == np.float32 and arrays["b"].numpy().dtype == np.float64
    assert arrays["b"].numpy().tolist() == [-5, -7]
    assert arrays["steps"].numpy() == 8
    assert rule.weights == [[0.25, 0.25, 0.5]]
    assert list(arrays) == ["w", "steps", "b"]
    assert metrics["loss"] == 1.25 and strategy.last_clients != []


def test_replies_that_no_row_can_be_made_of_are_left_out(model):
    from gauntlet_fl.adapters.flower import RobustStrategy

    def without(arrays):
        return {"w": arrays["w"], "b": arrays["b"]}

    def reshaped(arrays):
        return {**adding(9)(arrays), "w": np.zeros(4, np.float32)}

    def retyped(arrays):
        return {**adding(9)(arrays), "w": arrays["w"].astype(np.int32)}

    def infinite(arrays):
        return {**adding(9)(arrays), "b": np.array([np.inf, 0])}

    strategy = RobustStrategy(Median())
    arrays, _ = flower_round(
        strategy, model, [without, adding(2), reshaped, retyped, adding(2), infinite])
    assert arrays["w"].numpy().tolist() == [[2, 3], [4, 5]]
    assert len(strategy.last_clients) == 2
    assert flower_round(strategy, model, [without, infinite]) == (None, None)


def library():
    """The package with its library, which only the built wheel has."""
    package = pytest.importorskip("gauntlet_fl")
    try:
        package.aggregate(ROWS, "mean")
    except Exception as error:
        pytest.skip(f"SKIPPED: the package has no library here: {error}")
    return package


def test_a_rule_of_gauntlet_runs_in_flower(model):
    library()
    from gauntlet_fl.adapters.flower import RobustStrategy
    strategy = RobustStrategy("krum", f=1)
    changes = [adding(1), adding(1.5), adding(1), adding(1), adding(1000)]
    # A reply is missing in the first round, and comes in the second.
    for replies in (changes[1:] + [lambda arrays: {}], changes):
        arrays, _ = flower_round(strategy, model, replies)
        assert arrays["w"].numpy().tolist() == [[1, 2], [3, 4]]
        assert sum(strategy.last.kept) == 1
    with pytest.raises(ValueError, match="did you mean 'krum'?"):
        RobustStrategy("krumm")
    with pytest.raises(ValueError, match="unknown stage 'krum'"):
        RobustStrategy("krum", stages=["krum"])
    # A round with more nodes than before.
    flower_round(strategy, model, changes + [adding(1)])
    assert len(strategy.last.kept) == 6


def test_a_rule_with_a_memory_follows_nodes(model):
    library()
    from gauntlet_fl.adapters.flower import RobustStrategy
    strategy = RobustStrategy("foolsgold", clients=8, stages=["quantile-clipping"])
    for _ in range(2):
        arrays, _ = flower_round(strategy, model, [adding(1), adding(1), adding(-2), adding(3)])
        assert np.isfinite(arrays["w"].numpy()).all()
    assert len(strategy.last.weights) == 4

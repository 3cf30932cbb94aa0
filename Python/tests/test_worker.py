"""Workers as Gauntlet sees them: started from one file beside a script, in both transports."""

import numpy as np
import pytest

from worker_host import Host

UPDATES = np.array([[1, 2, 3], [4, 5, 6], [7, 9, 8], [-1, 0, 1]], np.float32)


@pytest.fixture(params=["mapped", "inline"])
def start(request, tmp_path):
    """Starts scripts, and ends them with the test."""
    hosts = []

    def starting(text, **given):
        hosts.append(Host.of(tmp_path, text, request.param, **given))
        return hosts[-1]

    yield starting
    for host in hosts:
        host.__exit__()


def defense(body, decorator="name='mine', version='2'", before=""):
    lines = "\n".join("    " + line for line in body.split("\n"))
    return (f"import os, sys\nimport numpy as np\nfrom gauntlet_worker import defense, run\n"
            f"{before}\n@defense({decorator})\ndef aggregate(updates, ctx):\n{lines}\n\nrun()\n")


# Defenses ------------------------------------------------------------------------------------


def test_ten_lines_are_a_defense(start):
    host = start(defense("return np.median(updates, axis=0)"))
    assert host.hello() == {
        "type": "ready", "protocol": 1, "kind": "defense", "name": "mine", "version": "2",
        "stateful": False, "deterministic": True, "reusable": True, "needs": []}
    # The matrix shrinks and grows within its file.
    for rows in (4, 2, 3):
        reply, result = host.aggregate(UPDATES[:rows])
        assert reply["type"] == "aggregated" and reply["arrays"] == {"result": [3]}
        assert result.tolist() == np.median(UPDATES[:rows], axis=0).tolist()
    assert host.end() == (0, b"")


def test_verdicts_and_report_are_sent(start):
    host = start(defense(
        "n = len(updates)\n"
        "return updates.mean(axis=0), {'suspicion': np.array([0.5, np.nan, np.inf, 2]),\n"
        "    'kept': np.arange(n) < 3, 'weights': [1/3] * 3 + [0],\n"
        "    'report': {'iterations': np.int64(3), 'norm': np.float32(0.5), 'done': np.True_,\n"
        "        'how': 'so'}}", "declares_malicious=True"))
    assert host.hello()["declares_malicious"] is True
    reply, result = host.aggregate(UPDATES)
    assert result.tolist() == UPDATES.mean(axis=0).tolist()
    assert reply["suspicion"] == [0.5, None, None, 2]
    assert reply["kept"] == [True, True, True, False]
    assert reply["weights"] == [1 / 3] * 3 + [0]
    assert reply["report"] == {"iterations": 3, "norm": 0.5, "done": 1, "how": "so"}


def test_the_context_has_what_the_trial_and_the_round_say(start):
    host = start(defense(
        "assert updates.dtype == np.float32 and not updates.flags.writeable\n"
        "assert (ctx.f, ctx.clients, ctx.rounds, ctx.dimension) == (1, 20, 10, 3)\n"
        "assert [l.name for l in ctx.layers] == ['w', 'b'] and ctx.layers[0].size == 2\n"
        "assert updates[0, ctx.layers[1].slice].tolist() == [3]\n"
        "assert ctx.params == {'k': 3} and ctx.ids[1] == 'c1'\n"
        "assert ctx.weights.tolist() == [.25] * 4\n"
        "assert ctx.rng.integers(1 << 40) == np.random.default_rng(99).integers(1 << 40)\n"
        "assert ctx.global_model.tolist() == [10, 20, 30]\n"
        "assert ctx.root_update.tolist() == [1, 1, 2]\n"
        "return np.full(3, ctx.round)", "needs=['root-update', 'global-model']"))
    ready = host.hello(params={"k": 3}, layers=[
        {"name": "w", "shape": [2, 1], "offset": 0}, {"name": "b", "shape": [1], "offset": 2}])
    assert ready["needs"] == ["root-update", "global-model"] and ready["name"] == "aggregate"
    reply, result = host.aggregate(
        UPDATES, round=4, seed=99, arrays={"global": [10, 20, 30], "root": [1, 1, 2]})
    assert reply["type"] == "aggregated", reply
    assert result.tolist() == [4, 4, 4]


def test_a_need_that_was_not_declared_is_named(start):
    host = start(defense("return ctx.root_update"))
    host.hello()
    assert "@defense(needs=['root-update'])" in host.aggregate(UPDATES)[0]["message"]


def test_a_class_keeps_state_and_starts_afresh_with_each_trial(start):
    host = start(
        "from gauntlet_worker import defense, serve\n"
        "@defense(name='momentum')\nclass Momentum:\n"
        "    def __init__(self, ctx):\n        self.sum = ctx.params['start']\n"
        "    def aggregate(self, updates, ctx):\n"
        "        self.sum = self.sum + updates.mean(axis=0)\n        return self.sum\n"
        "serve()\n")
    ready = host.hello(params={"start": 1})
    assert ready["stateful"] and ready["reusable"]
    mean = UPDATES.mean(axis=0)
    assert host.aggregate(UPDATES)[1].tolist() == (1 + mean).tolist()
    assert host.aggregate(UPDATES)[1].tolist() == (1 + 2 * mean).tolist()
    host.hello(params={"start": 0})
    assert host.aggregate(UPDATES)[1].tolist() == mean.tolist()


def test_a_stateful_function_is_not_reused(start):
    assert start(defense("return updates[0]", "stateful=True")).hello()["reusable"] is False


@pytest.mark.parametrize("body, words", [
    ("return updates", "has to have shape 3, not 4 x 3"),
    ("return updates[0, 0]", "has to have shape 3, not ()"),
    ("return None", "is there a return?"),
    ("return ['a', 'b', 'c']", "real numbers"),
    ("return np.zeros(3, complex)", "real numbers"),
    ("return [1, [2], 3]", ""),
    ("return np.array([0, 1, np.nan])", "value 2 of the result is nan"),
    ("return np.array([0, 1e300, -1e300])", "value 1 of the result is inf"),
    ("updates[0] = 0\nreturn updates[0]", "change a copy: updates.copy()"),
    ("updates -= 1\nreturn updates[0]", "change a copy"),
    ("sys.exit(3)", "sys.exit(3)"),
    ("return 1 / 0", "ZeroDivisionError: division by zero\nscript.py:6 in aggregate: return 1 / 0"),
    ("raise SystemError('at a bad time')", "SystemError: at a bad time"),
    ("raise MemoryError", "MemoryError"),
    ("input()", "EOFError"),
    ("return updates[0], {'kpet': []}", "did you mean 'kept'?"),
    ("return updates[0], {'kept': [0, 1]}", "one value for each of 4 rows"),
    ("return updates[0], {'kept': [0, 1, 2, 3]}", "not row numbers"),
    ("return updates[0], {'suspicion': [1, 2]}", "one value for each of 4 rows"),
    ("return updates[0], {'report': {'x': object()}}", "report.x: object cannot be sent"),
    ("return updates[0], {'report': {'x': [1]}}", "report.x has to be a number or a short text"),
    ("return updates[0], {'report': {'what': 'x' * (1 << 25)}}", "too long"),
])
def test_what_goes_wrong_in_a_script_is_an_error_in_words(start, body, words):
    host = start(defense("if ctx.round == 1:\n    return updates[0]\n" + body))
    host.hello()
    reply, result = host.aggregate(UPDATES)
    assert reply["type"] == "error" and result is None
    assert words.replace("script.py:6", "script.py:9") in reply["message"]
    # The process is as good as before.
    assert host.aggregate(UPDATES, round=1)[1].tolist() == [1, 2, 3]
    assert host.end() == (0, b"")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_prints_of_python_c_and_children_go_to_the_log(start, unbuffered):
    host = start(
        defense(
            "print('{\"type\": \"aggregated\"}')\nos.write(1, b'from the descriptor')\n"
            "os.system('echo from a child')\nsys.__stdout__.write('from the original')\n"
            "print('an error', file=sys.stderr)\nreturn updates[0]", before="print('early')"),
        environment={"PYTHONUNBUFFERED": unbuffered, "GAUNTLET_WORKER": "1"})
    assert host.hello()["type"] == "ready"
    assert host.aggregate(UPDATES)[1].tolist() == [1, 2, 3]
    assert host.end() == (0, b"")
    for text in ("early", "aggregated", "descriptor", "child", "original", "an error"):
        assert text in host.words()


def test_early_prints_are_kept_back_without_the_environment_too(start):
    host = start(
        defense("return updates[0]", before="print('early')"), environment={"PYTHONUNBUFFERED": ""})
    assert host.hello()["type"] == "ready"
    assert host.end() == (0, b"") and "early" in host.words()


def test_tensors_are_taken(start):
    host = start(defense(
        "class Tensor:\n    def detach(self): return self\n    def cpu(self): return updates[1]\n"
        "return Tensor()"))
    host.hello()
    assert host.aggregate(UPDATES)[1].tolist() == [4, 5, 6]


def test_a_file_that_grows_is_mapped_again(tmp_path):
    with Host.of(tmp_path, defense("return updates.sum(axis=0)")) as host:
        host.hello(dimension=2000)
        host.aggregate(np.ones((2, 2000)))
        for name in host.files:
            with open(host.files[name], "r+b") as file:
                file.truncate(128 + 4 * 10 * 2000)
        assert host.aggregate(np.ones((10, 2000)))[1].tolist() == [10] * 2000


@pytest.mark.parametrize("header, words", [
    (b"\x93NUMPY\x01\x00\x76\x00" + b"{'descr': '<f8', 'fortran_order': False, 'shape': (4, 3), }"
     .ljust(117) + b"\n", "float32 in C order"),
    (b"no matrix" * 20, "magic string"),
])
def test_a_file_of_something_else_is_refused(tmp_path, header, words):
    with Host.of(tmp_path, defense("return updates[0]")) as host:
        bad = tmp_path / "bad.npy"
        bad.write_bytes(header + bytes(4 * 12))
        host.hello(files={"updates": str(bad), "result": host.files["result"]})
        host.send({"type": "aggregate", "call": 1, "arrays": {"updates": [4, 3]}})
        assert words in host.receive()[0]["message"]
        host.send({"type": "aggregate", "call": 2, "arrays": {"others": [4, 3]}})
        assert "no file for the matrix 'others'" in host.receive()[0]["message"]


# The handshake -------------------------------------------------------------------------------


def test_another_protocol_is_refused_with_both_versions(start):
    host = start(defense("return updates[0]"))
    reply = host.hello(protocol=2)
    assert reply["type"] == "error" and "protocol 1, not 2" in reply["message"]
    assert host.hello()["type"] == "ready"


def test_a_script_says_what_it_is_for(start):
    host = start(defense("return updates[0]"))
    assert "no attack; it has: defense" in host.hello("attack")["message"]


def test_parameters_with_defaults_are_checked(start):
    host = start(defense("return np.full(3, ctx.params['k'])", "params={'k': 3, 'rate': 1}"))
    words = host.hello(params={"rat": 2})["message"]
    assert "unknown parameter 'rat'; did you mean 'rate'?" in words
    host.hello()
    assert host.aggregate(UPDATES)[1].tolist() == [3, 3, 3]
    host.hello(params={"k": 4})
    assert host.aggregate(UPDATES)[1].tolist() == [4, 4, 4]


def test_a_description_makes_nothing(start):
    host = start(
        "from gauntlet_worker import defense, run\n@defense(name='late')\nclass Late:\n"
        "    def __init__(self, ctx): raise RuntimeError('made')\n"
        "    def aggregate(self, updates, ctx): return updates[0]\nrun()\n")
    assert host.hello(describe=True, dimension=None)["name"] == "late"
    assert "RuntimeError: made" in host.hello()["message"]


def test_kinds_are_told_apart_and_names_are_needed_within_one(start):
    host = start(
        "from gauntlet_worker import attack, defense, run\n"
        "@defense(name='a')\ndef a(updates, ctx): return updates[0]\n"
        "@attack(name='b')\ndef b(own, honest, ctx): return -own\n"
        "@attack(name='c')\ndef c(own, honest, ctx): return own\nrun()\n")
    assert host.hello()["name"] == "a"
    assert "several of kind attack (b, c)" in host.hello("attack")["message"]


def test_messages_out_of_order_and_unknown_ones_are_errors(start):
    host = start(defense("return updates[0]"))
    host.send({"type": "aggregate", "call": 1})
    assert "hello" in host.receive()[0]["message"]
    host.hello()
    assert "unknown message 'dance'" in host.call("dance", {})[0]["message"]
    assert host.aggregate(UPDATES)[0]["type"] == "aggregated"


def test_the_end_of_the_input_ends_the_worker(start):
    host = start(defense("return updates[0]"))
    host.hello()
    host.process.stdin.close()
    assert host.process.wait(20) == 0


@pytest.mark.parametrize("text, words", [
    ("from gauntlet_worker import run\nrun()\n", "nothing to serve"),
    ("from gauntlet_worker import defense\n@defense(needs=['root'])\ndef f(u, c): pass\n",
     "unknown need 'root'; did you mean 'root-update'?"),
    ("from gauntlet_worker import attack\n@attack(knowledge='all')\ndef f(u, c): pass\n",
     "unknown knowledge 'all'"),
    ("from gauntlet_worker import defense\n@defense\ndef f(u, c): pass\n", "with parentheses"),
    ("from gauntlet_worker import defense\n@defense()\nclass F: pass\n", "has no method aggregate"),
    ("from gauntlet_worker import trainer\n@trainer()\ndef f(u, c): pass\n", "trainer is a class"),
])
def test_mistakes_in_a_declaration_end_the_script_in_words(start, text, words):
    host = start(text)
    assert host.process.wait(60) != 0
    assert words in host.words()


# Attacks -------------------------------------------------------------------------------------


def test_an_attack_writes_its_rows(start):
    host = start(
        "import numpy as np\nfrom gauntlet_worker import attack, run\n"
        "@attack(name='flip', knowledge='honest-updates')\ndef craft(own, honest, ctx):\n"
        "    assert ctx.weight_share == 0.5 and ctx.window == (2, 8) and ctx.participants == 4\n"
        "    assert ctx.global_model.tolist() == [0, 0, 9]\n"
        "    return own - honest.mean(axis=0), {'gamma': np.float64(1.5), 'none': np.nan}\nrun()\n")
    ready = host.hello("attack", participants=4, window=[2, 8])
    assert ready["knowledge"] == "honest-updates" and "needs" not in ready
    reply, result = host.call(
        "craft", {"own": UPDATES[:2], "honest": UPDATES[2:], "global": [0, 0, 9]},
        participants=4, weight_share=0.5, ids=["c1", "c2"])
    assert reply["type"] == "crafted" and reply["figures"] == {"gamma": 1.5, "none": None}
    assert result["result"].tolist() == (UPDATES[:2] - UPDATES[2:].mean(axis=0)).tolist()


def test_an_attack_sees_no_honest_rows_by_default_and_has_to_keep_the_shape(start):
    host = start(
        "from gauntlet_worker import attack, run\n@attack(name='x')\ndef craft(own, honest, ctx):\n"
        "    assert honest is None\n    return own[0]\nrun()\n")
    assert host.hello("attack")["knowledge"] == "own-clients"
    reply, _ = host.call("craft", {"own": UPDATES[:2], "global": [0, 0, 0]})
    assert "shape 2 x 3, not 3" in reply["message"]


# Trainers ------------------------------------------------------------------------------------

TRAINER = """
import numpy as np
from gauntlet_worker import run, trainer

@trainer(name="toy", version="3")
class Toy:
    def __init__(self):
        self.hellos = 0
    def hello(self, ctx):
        self.hellos += 1
        self.start = ctx.seed
        return {"layers": [("w", (2, 1)), ("b", (1,))], "clients": 5, "classes": 2,
                "examples": np.full(5, 10), "test_examples": 7, "poisons": ["label-flip"]}
    def initialize(self, seed):
        return np.full(3, seed + self.start)
    def train(self, parameters, clients, updates, ctx):
        assert not parameters.flags.writeable and ctx.schedule.learning_rate == 0.5
        for row, client in enumerate(clients):
            if client != 4:
                updates[row] = client * (-1 if ctx.poison[row] else 1) + ctx.seeds[row]
        return np.full(len(clients), 20), [0.5] * len(clients)
    def evaluate(self, parameters, backdoors):
        return {"classes": [(3, 4), (1, 3)], "loss": float(parameters.sum()),
                "backdoors": [{"hits": 1, "examples": 4} for _ in backdoors]}
run()
"""


def test_a_trainer_owns_model_and_data(start):
    host = start(TRAINER)
    ready = host.hello("trainer", dimension=None, seed=1)
    assert ready["dimension"] == 3 and ready["clients"] == 5 and ready["examples"] == [10] * 5
    assert ready["layers"] == [
        {"name": "w", "shape": [2, 1], "offset": 0}, {"name": "b", "shape": [1], "offset": 2}]
    assert ready["poisons"] == ["label-flip"] and ready["shape"] is None and ready["reusable"]
    assert host.call("initialize", {}, seed=6)[1]["result"].tolist() == [7, 7, 7]
    flip = {"kind": "label-flip", "rule": "reverse", "seed": 1}
    reply, arrays = host.call(
        "train", {"global": [1, 1, 1]}, clients=[3, 0, 4], seeds=[10, 20, 30],
        poison=[flip, None, None], schedule={"learning_rate": 0.5})
    assert reply["examples"] == [20, 20, 20] and reply["losses"] == [0.5] * 3
    assert arrays["updates"][:2].tolist() == [[7, 7, 7], [20, 20, 20]]
    # A row that was never written is no row of an earlier round.
    assert np.isnan(arrays["updates"][2]).all()
    reply, _ = host.call("evaluate", {"global": [1, 2, 3]}, backdoors=[{"target": 0}])
    assert reply["classes"] == [[3, 4], [1, 3]] and reply["loss"] == 6
    assert reply["backdoors"] == [{"hits": 1, "examples": 4}]
    # The next trial has the same object.
    assert host.hello("trainer", dimension=None, seed=2)["type"] == "ready"
    assert host.call("initialize", {}, seed=6)[1]["result"].tolist() == [8, 8, 8]


def test_a_trainer_that_forgets_something_is_told(start):
    host = start(TRAINER.replace('"clients": 5, ', "").replace("[0.5] * len", "[0.5] * 2 * len"))
    assert "hello() has to say 'clients'" in host.hello("trainer")["message"]
    host = start(TRAINER.replace("for _ in backdoors", "for _ in 'three'"))
    host.hello("trainer", dimension=None)
    reply, _ = host.call("evaluate", {"global": [1, 2, 3]}, backdoors=[{"target": 0}])
    assert "answered 5 backdoors, was asked for 1" in reply["message"]


# The functions are still there ---------------------------------------------------------------


def test_a_decorated_function_can_be_called_as_before(tmp_path):
    import importlib.util

    from worker_host import SOURCE
    spec = importlib.util.spec_from_file_location("gauntlet_worker_under_test", SOURCE)
    module = importlib.util.module_from_spec(spec)
    import sys
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)

    @module.defense(name="mean")
    def aggregate(updates, ctx):
        return updates.mean(axis=0)

    context = module.Context(seed=3)
    assert aggregate(UPDATES, context).tolist() == UPDATES.mean(axis=0).tolist()
    assert context.rng is context.rng

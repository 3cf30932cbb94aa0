"""Cases with known answers: faults that the program once had, some of which mutations rarely meet."""

import json
import random
import signal
import struct

import binaries
from cases import Case, Special
from corpus import CLAIMS, scenario
from documents import to_yaml

def yaml(**changes):
    return to_yaml(scenario(**changes)).encode()


def validate(name, text, expect, **limits):
    files = {"s.yaml": text if isinstance(text, bytes) else text.encode()}
    return name, Case(["validate", "s.yaml"], files, why=name, expect=expect, **limits)


def matrix(values, columns=1, letter="d"):
    rows = len(values) // columns
    header = f"{{'descr': '<f{8 if letter == 'd' else 4}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"
    return binaries.npy_file(header, struct.pack(f"<{len(values)}{letter}", *values))


def paths():
    """Foundation's path functions trap on relative paths of one character."""
    for path in ["x", "x/", "b/", "é", "a/b", "./x", "a//b/", "."]:
        yield f"init-{path.replace('/', '_')}", Case(["init", path, "--ci", "github"], why=f"init {path!r}", expect=[0])
    tiny = {"s.yaml": yaml(seeds=[1])}
    run = ["run", "s.yaml", "--progress", "none", "-o"]
    yield "output-one-character", Case(run + ["r"], tiny, expect=[0], after=[
        (["baseline", "make", "r", "-o", "b"], [0]), (["gate", "r", "--baseline", "b"], [0]),
        (["merge", "r", "-o", "m"], [0]), (["compare", "r", "m"], [0]), (["plan", "s.yaml", "-o", "m"], [0])])
    linked = dict(tiny, b=Special("link", "c"))
    yield "baseline-through-link", Case(run + ["r"], linked, expect=[0],
                                        after=[(["baseline", "make", "r", "-o", "b"], [0, 1])])
    yield "matrix-one-character", Case(["aggregate", "--defense", "median", "m", "-o", "o"],
                                       {"m": matrix([1.0, 2.0, 3.0])}, expect=[0])
    yield "parent-missing", Case(["aggregate", "--defense", "median", "m.npy", "-o", "no/such/o.npy"],
                                 {"m.npy": matrix([1.0, 2.0, 3.0])}, expect=[1])


def sizes():
    """What is asked for may be larger than any machine; the answer has to come at once."""
    deep = ".".join(["a"] * 20_000)
    yield "set-deep-key", Case(["validate", "s.yaml", "--set", deep + "=1"], {"s.yaml": yaml()}, expect=[1, 64])
    yield validate("axis-deep-key", yaml(matrix={deep: [1, 2]}), [1])
    yield validate("matrix-10e20", yaml(matrix={f"a.b{i}": list(range(10)) for i in range(20)}), [1])
    axes = {"task.local.lr": [0.001 * (i + 1) for i in range(100)], "server.lr": [0.01 * (i + 1) for i in range(100)],
            "task.local.batch": list(range(1, 101))}
    yield validate("matrix-10e6", yaml(matrix=axes), [0, 1])
    for count in (10**6, 10**7, 2**63 - 1):
        yield validate(f"seeds-{count}", yaml(seeds={"from": 1, "count": count}), [0, 1])
    yield "seeds-option", Case(["plan", "s.yaml", "--seeds", "1..1000000"], {"s.yaml": yaml()}, expect=[0, 1, 64])
    data = {"use": "gaussian-classes", "features": 1_000, "classes": 10, "train": 10**8, "test": 30}
    yield validate("data-of-400-GB", yaml(task={"dataset": data}), [0, 1])
    huge = yaml(task={"dataset": data}, seeds=[1])
    yield "run-data-of-400-GB", Case(["run", "s.yaml", "-o", "out", "--progress", "none"], {"s.yaml": huge}, expect=[1])
    wide = yaml(task={"model": {"kind": "mlp", "hidden": [100_000, 100_000]}}, seeds=[1])
    yield "run-model-of-40-GB", Case(["run", "s.yaml", "-o", "out", "--progress", "none"], {"s.yaml": wide}, expect=[1])
    for rows, limits in ((20_000, {"cpu": 60, "wall": 90}), (200_000, {"wall": 15, "endless": True})):
        rng = random.Random(1)
        content = matrix([rng.random() for _ in range(rows)], letter="f")
        yield f"krum-{rows}-rows", Case(["aggregate", "--defense", "krum:f=1", "rows.npy"], {"rows.npy": content},
                                        expect=[0, 1], rss=1_000, **limits)
    claims = to_yaml(CLAIMS).replace('source: us', 'source: "us' + "\n" * 1_000_000 + '"').encode()
    yield "newlines-in-claims", Case(["gate", "r", "--baseline", "b", "--claims", "claims.yaml"],
                                     {"claims.yaml": claims}, expect=[1, 5])
    yield validate("spaces-in-a-key", yaml() + b"? " + b" " * 1_000_000 + b"x\n: 1\n", [1])
    yield validate("newlines-in-a-name", yaml(name="x" + "\n" * 500_000), [0, 1])
    yield validate("three-megabytes", yaml() + b"# " + b"x" * 3_000_000 + b"\n", [0, 1])
    yield validate("aliases", "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi")), [1])
    many = scenario(clients={"count": 1_400}, seeds=[1], task={"model": {"kind": "logistic"}})
    many["task"]["dataset"]["train"] = 2_800
    many["threat"]["malicious"] = {"count": 280}
    yield "stealth-of-1400-clients", Case(["run", "s.yaml", "-o", "out", "--progress", "none"],
                                          {"s.yaml": to_yaml(many).encode()}, expect=[0], cpu=30, wall=90)
    yield "craft-10e9-rows", Case(["craft", "--attack", "sign-flip:f=1000000000", "m.npy"],
                                  {"m.npy": matrix([1.0, 2.0, 3.0])}, expect=[1, 64])


def values():
    """Values that look right and are not, and shares in decimal."""
    for number in (1e-46, 1e-320, 7e-46):
        yield validate(f"lr-{number}", yaml(task={"local": {"epochs": 1, "batch": 8, "lr": number}}), [1])
    yield validate("alpha-1e-320", yaml(clients={"partition": {"kind": "dirichlet", "alpha": 1e-320}}), [1])
    yield validate("axis-lr-1e-46", yaml(matrix={"task.local.lr": [0.1, 1e-46]}), [1])
    anomaly = {"id": "z", "use": "backdoor", "with": [{"use": "anomaly-term", "alpha": 1e-320}]}
    yield validate("anomaly-alpha-1e-320", yaml(attacks=["none", anomaly]), [1])
    squares = matrix([float(i * i) for i in range(100)])
    yield "trim-29-of-100", Case(["aggregate", "--defense", "trimmed-mean:fraction=0.29", "m.npy"], {"m.npy": squares},
                                 expect=[0], output="2597.16")
    far = matrix([v * 1e199 for v in (50, 1, 2, 3.3, 4.9, 1.7, 2.45)])
    yield "krum-overflow", Case(["aggregate", "--defense", "krum:f=2", "m.npy"], {"m.npy": far}, expect=[1])
    both = scenario(defenses=["mean", "krumm"], task={"local": {"epochs": 1, "batch": 8, "lr": "x"}})
    yield "validate-says-all", Case(["validate", "s.yaml"], {"s.yaml": to_yaml(both).encode()}, expect=[1],
                                    errors=["krumm", "lr"])


def results(corpus):
    """Broken results and baselines."""
    base = dict(corpus.results["a"], **{"base.json": corpus.baseline, "s.yaml": corpus.tiny})
    for value in (1.7, -5, -1e308):
        lines = [json.loads(x) for x in base["a/trials.jsonl"].splitlines()]
        lines[0]["metrics"]["accuracy.final"] = value
        log = b"".join(json.dumps(x).encode() + b"\n" for x in lines)
        yield f"rate-{value}-in-results", Case(["gate", "a", "--baseline", "base.json"],
                                               dict(base, **{"a/trials.jsonl": log}), expect=[1])
        tree = json.loads(corpus.baseline)
        tree["cells"]["none/mean"]["accuracy.final"][0] = value
        yield f"rate-{value}-in-baseline", Case(["gate", "a", "--baseline", "base.json"],
                                                dict(base, **{"base.json": json.dumps(tree).encode()}), expect=[1])
    for value in ("1e-320", "1e-46", "0", "1.5"):
        text = corpus.baseline.replace(b'"alpha": 0.05', f'"alpha": {value}'.encode())
        yield f"policy-alpha-{value}", Case(["gate", "a", "--baseline", "base.json"], dict(base, **{"base.json": text}),
                                            expect=[1])
    commands = {"gate": ["gate", "a", "--baseline", "base.json"], "compare": ["compare", "a", "a"],
                "merge": ["merge", "a", "-o", "out"], "make": ["baseline", "make", "a", "-o", "new.json"],
                "plan": ["plan", "s.yaml", "-o", "a"]}
    for name, argv in commands.items():
        for special in (Special("fifo"), Special("link", "/dev/zero"), Special("folder")):
            yield f"{name}-log-is-{special.target and 'device' or special.kind}", Case(
                argv, dict(base, **{"a/trials.jsonl": special}), expect=[1], wall=20)
    run = ["run", "s.yaml", "-o", "a", "--progress", "none"]
    yield "run-log-is-fifo", Case(run, dict(base, **{"a/trials.jsonl": Special("fifo")}), expect=[1], wall=20)
    outside = {"a/" + n: Special("link", "../kept/" + n) for n in ("trials.jsonl", "rounds.csv")}
    kept = {"kept/" + n: base["a/" + n] for n in ("trials.jsonl", "rounds.csv")}
    yield "fresh-on-links", Case(run + ["--fresh"], dict({"s.yaml": corpus.tiny}, **outside, **kept), expect=[0, 1])
    cut = base["a/trials.jsonl"][:-200]
    yield "log-cut", Case(run, dict(base, **{"a/trials.jsonl": cut}), expect=[0], after=[
        (["gate", "a", "--baseline", "base.json"], [0])])
    rounds = b"\n".join(base["a/rounds.csv"].split(b"\n")[:-6]) + b"\n"
    yield "trial-missing-in-rounds", Case(run, dict(base, **{"a/rounds.csv": rounds}), expect=[0])
    bad = dict(base)
    bad.update({n.replace("a/", "b/"): c for n, c in base.items() if n.startswith("a/")})
    bad["b/trials.jsonl"] = b"{}\n"
    yield "merge-fails-whole", Case(["merge", "a", "b", "-o", "out"], bad, expect=[1])


def stops():
    """Deadlines, signals and limits inside of one long round."""
    data = {"use": "gaussian-classes", "features": 200, "classes": 10, "train": 40_000, "test": 1_000}
    long = scenario(task={"dataset": data, "model": {"kind": "mlp", "hidden": [256]},
                          "local": {"epochs": 1_000, "batch": 8, "lr": 0.1}}, seeds=[1])
    files = {"s.yaml": to_yaml(long).encode()}
    run = ["run", "s.yaml", "-o", "out", "--progress", "none"]
    yield "deadline-in-a-round", Case(run + ["--deadline", "1s"], files, expect=[75], wall=20, cpu=60)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        yield f"{number.name}-in-a-round", Case(run, files, expect=[75], wall=20, cpu=60, signal=[2, int(number)])
    small = scenario(seeds={"from": 1, "count": 200}, rounds=200, attacks=["none"], defenses=["mean"])
    yield "file-size-limit", Case(run, {"s.yaml": to_yaml(small).encode()}, expect=[1], file_size=1, wall=60)


def words(corpus):
    """Names of files and arguments that a terminal would obey, and mistyped ones."""
    bell, bidi = "\x1b]0;x\x07", "\u202ex\u2066\u200f\x9b"
    for name, argv in {
        "value": ["run", "s.yaml", "-o", "o", "--color", bell], "option": ["run", "--" + bidi],
        "command": [bell], "set": ["validate", "s.yaml", "--set", bidi], "only": ["gate", "a", "--only", bell],
        "seeds": ["plan", "s.yaml", "--seeds", bidi], "kind": ["list", bell], "extra": ["validate", "s.yaml", bidi],
        "deadline": ["run", "s.yaml", "-o", "o", "--deadline", bidi],
    }.items():
        yield f"control-in-{name}", Case(argv, {"s.yaml": corpus.tiny}, expect=[64])
    yield "control-in-path", Case(["validate", bell + bidi], {}, expect=[1])
    yield "control-in-scenario", Case(["validate", "s.yaml"], {"s.yaml": yaml(defenses=["mean", bidi])}, expect=[1])
    for name, argv in {"command": (["rnu"], "run"), "option": (["run", "s.yaml", "-o", "x", "--sedes", "1"], "--seeds"),
                       "kind": (["list", "attaks"], "attacks"), "id": (["explain", "krumm"], "krum")}.items():
        yield f"mistyped-{name}", Case(argv[0], {"s.yaml": corpus.tiny}, expect=[1, 64], errors=[argv[1]])
    places = {"folder": Special("folder"), "loop": Special("link", "f"), "bytes": b"\xff\xfe\x00", "none": None}
    for name, place in places.items():
        files = dict({"s.yaml": corpus.tiny}, **corpus.results["a"])
        if place is not None:
            files["f"] = place
        yield f"scenario-is-{name}", Case(["validate", "f"], files, expect=[1])
        yield f"baseline-is-{name}", Case(["gate", "a", "--baseline", "f"], files, expect=[1, 5])
        yield f"claims-is-{name}", Case(["gate", "a", "--claims", "f"], files, expect=[1, 5])
        yield f"results-is-{name}", Case(["gate", "f", "--baseline", "f"], files, expect=[1, 5])
        yield f"matrix-is-{name}", Case(["aggregate", "--defense", "median", "f"], files, expect=[1])


def folders():
    """IDX files by other names."""
    rng = random.Random(3)
    files = {"d/" + n: c for n, c in binaries.idx_folder(rng, dots=True).items()}
    yield "idx-dot-names", Case(["data", "verify", "d", "--classes", "3"], files, expect=[0], output="60")
    emnist = {"d/emnist-letters-" + n.replace("t10k", "test"): c for n, c in binaries.idx_folder(rng).items()}
    yield "idx-emnist-names", Case(["data", "verify", "d", "--classes", "3"], emnist, expect=[0], output="60")


def scripted_cases(corpus):
    """All cases, with names that are folder names."""
    return [("scripted-" + name.replace("/", "_"), case) for group in
            (sizes(), paths(), values(), results(corpus), stops(), words(corpus), folders()) for name, case in group]

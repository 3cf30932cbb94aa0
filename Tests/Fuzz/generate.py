"""Makes the case of a number: a command, its files and what is odd about them."""

import copy
import hashlib
import json
import random
import re

import binaries
from binaries import bytes_mutated, text_bytes
from cases import Case, Special
from corpus import CLAIMS
from documents import NUMBERS, RAW_NUMBERS, STRINGS, Raw, mutate, odd, to_json, to_yaml

# Values that no scenario can mean, by key.
IMPOSSIBLE = [
    (("task", "local", "lr"), [1e-46, 1e-320, 0, -1, Raw(".nan"), Raw(".inf"), 1e39, "x"]),
    (("server", "lr"), [1e-46, 1e-320, 0, -1, Raw(".nan"), 1e39]),
    (("clients", "partition", "alpha"), [1e-320, 0, -1, Raw(".nan"), 1e-310]),
    (("clients", "participation"), [1.7, 0, -1, Raw(".nan")]),
    (("clients", "count"), [0, -1, 1.5, 2**63, 10**20]),
    (("threat", "malicious"), [1.7, -0.5, {"count": -1}, {"count": 1000}, Raw(".nan")]),
    (("rounds",), [0, -1, 1.5, 10**20]),
    (("task", "local", "batch"), [0, -1, 0.5]),
    (("task", "local", "epochs"), [0, -1, 0.5]),
]
RATES = [1.7, -5, -1e308, 1e308, 1.001, -0.001]
# Where something may be written: nothing outside of the folder of the case, since this may run as root.
PATHS = ["x", "x/", "a/b", "é", "b/", ".", "", "-", "--", "-o", "./x", "x//y", "~", "a" * 300, "a/" * 2000 + "x",
         "\x1b[31mred", "\u202ex", "a\nb", "a b", "%s", "here.file/x", "$(x)", "*"]


class Generator:
    """All cases of a seed."""

    def __init__(self, corpus, seed):
        self.corpus, self.seed = corpus, seed

    def case(self, index):
        rng = random.Random(f"{self.seed}/{index}")
        make = rng.choices(
            [self.scenario, self.results, self.matrix, self.data, self.words], [42, 33, 15, 6, 4])[0]
        return make(rng)

    # Scenarios

    def scenario(self, rng):
        trace = []
        tree = copy.deepcopy(rng.choice(self.corpus.scenarios))
        files = dict(self.corpus.data)
        command = rng.choices(["validate", "plan", "run", "dry", "prune"], [45, 15, 30, 6, 4])[0]
        expect = None
        kind = rng.random()
        if kind < 0.08:
            tree, expect = self._impossible(rng, tree, trace)
        elif kind < 0.13:
            tree = self._axes(rng, tree, trace)
        else:
            if rng.random() < 0.25:
                self._component(rng, tree, trace)
            for _ in range(rng.choice([0, 0, 1, 1, 1, 1, 2, 4])):
                tree = mutate(rng, tree, trace)
        text = text_bytes(to_json(tree) if rng.random() < 0.1 else to_yaml(tree))
        if expect is None and rng.random() < 0.2:
            text = bytes_mutated(rng, text, trace, is_text=True)
        files["s.yaml"] = text
        if expect is None and rng.random() < 0.15:
            if rng.random() < 0.5:
                files["start.npz"] = binaries.npz(rng, trace)
            else:
                files.update({"data/" + n: c for n, c in binaries.idx_mutated(rng, trace).items()})
        options = [] if expect else self._options(rng, trace)
        after = []
        if command == "validate":
            argv = ["validate", "s.yaml"] + options
            if rng.random() < 0.1:
                after.append((["plan", "s.yaml"] + options, [0]))
        elif command == "plan":
            argv = ["plan", "s.yaml"] + options + (["--keys"] if rng.random() < 0.2 else [])
        elif command == "prune":
            files["base.json"] = self.corpus.baseline
            argv = ["baseline", "prune", "--scenario", "s.yaml", "--baseline", "base.json"] + (
                ["-n"] if rng.random() < 0.5 else [])
        else:
            # What is asked for may be large: the deadline has to end it.
            place = self._path(rng, trace) if expect is None and rng.random() < 0.05 else "out"
            argv = ["run", "s.yaml", "-o", place, "--progress",
                    rng.choice(["none", "none", "lines", "bar"]), "--deadline", "2s"] + options
            if command == "dry":
                argv.append("-n")
            elif rng.random() < 0.2:
                after.append((argv[:], [0, 75]))
        if expect is None and rng.random() < 0.02:
            # A scenario may be a pipe, <(…), and waits for its writer.
            files["s.yaml"] = self._special(rng, trace, allows_pipes=False)
        stdin = None
        if rng.random() < 0.03 and isinstance(files["s.yaml"], bytes):
            stdin, argv = files.pop("s.yaml"), ["-" if a == "s.yaml" else a for a in argv]
            after = []
        if command == "validate" and len(text) > 1 << 20:
            after = []
        return Case(argv, files, stdin, "; ".join(trace), expect, after=after)

    def _impossible(self, rng, tree, trace):
        path, values = rng.choice(IMPOSSIBLE)
        value = rng.choice(values)
        parent = tree
        for step in path[:-1]:
            parent = parent.setdefault(step, {})
        if path[:2] == ("clients", "partition"):
            parent["kind"] = "dirichlet"
        parent[path[-1]] = value
        # A value that an axis replaces is never used.
        tree.pop("matrix", None)
        trace.append(f"impossible {'.'.join(path)} = {to_yaml(value).strip()}")
        return tree, [1]

    def _axes(self, rng, tree, trace):
        """Many or large axes."""
        count = rng.choice([1, 2, 5, 20, 60])
        length = rng.choice([1, 2, 10, 300, 3_000])
        keys = ["clients.partition.alpha", "task.local.lr", "threat.malicious", "rounds", "task.local.batch", "server.lr",
                "clients.count", "attacks", "seeds", "matrix", "name"]
        depth = rng.choice([1, 2, 30, 2_000, 20_000])
        axes = {}
        for i in range(count):
            key = rng.choice(keys + [".".join(["a"] * depth), f"a.b{i}"])
            axes[key] = [round(0.01 * (j + 1), 4) for j in range(min(length, 20_000 // count))]
        trace.append(f"{count} axes of {length}, keys of up to {depth} parts")
        tree["matrix"] = axes
        if rng.random() < 0.3:
            tree["seeds"] = {"from": 1, "count": rng.choice([1_000, 10**6, 10**9, 2**63 - 1])}
        return tree

    def _component(self, rng, tree, trace):
        """A component of the catalog with parameters of its own, right ones and odd ones."""
        kind = rng.choice(["attacks", "defenses", "stages", "finishers", "modifiers", "partitions", "models", "datasets",
                           "schedules", "triggers"])
        entries = self.corpus.components.get(kind)
        if not entries:
            return
        entry = rng.choice(entries)
        arguments = {}
        for parameter in entry.get("parameters") or []:
            if rng.random() < 0.6:
                arguments[parameter["name"]] = self._argument(rng, parameter)
        trace.append(f"{entry['id']} with {to_json(arguments)[:80]}")
        use = {"use": entry["id"], **arguments}
        if kind in ("attacks", "defenses"):
            tree[kind].append({"id": "z" + str(rng.randrange(100)), **use})
        elif kind == "modifiers":
            tree["attacks"].append({"id": "m", "use": rng.choice(["sign-flip", "backdoor"]), "with": [use]})
        elif kind in ("stages", "finishers"):
            tree["defenses"].append({"id": "d", "use": rng.choice(["mean", "krum", "median"]), kind: [use]})
        else:
            use = {"kind": entry["id"], **arguments}
            section, key = {"partitions": ("clients", "partition"), "models": ("task", "model"),
                            "datasets": ("task", "dataset"), "schedules": ("threat", "schedule"),
                            "triggers": ("threat", "backdoor")}[kind]
            if kind == "datasets":
                use["use"] = use.pop("kind")
            if kind == "triggers":
                use = {"trigger": entry["id"], "target": 0, **arguments}
            tree[section][key] = use

    @staticmethod
    def _argument(rng, parameter):
        words = re.findall(r"'([^']*)'", parameter.get("values") or "")
        if words and rng.random() < 0.6:
            return rng.choice(words)
        if rng.random() < 0.5:
            return rng.choice([0, 1, 2, 3, 0.5, 0.1, 1.0, 10, [4], [1, 2]])
        return odd(rng)

    def _options(self, rng, trace):
        options = []
        if rng.random() < 0.2:
            for _ in range(rng.choice([1, 1, 2])):
                options += self._option(rng)
            trace.append("options " + " ".join(options)[:80])
        return options

    def _option(self, rng):
        name = rng.choice(["--only", "--skip", "--set", "--set", "--seeds", "--deadline", "-j", "--shard", "-q", "--color"])
        if name == "-q":
            return [name]
        return [name, self.expression(rng, name)]

    def expression(self, rng, name):
        """The value of an option: a right one, mutated."""
        right = {
            "--only": ["attack=sign-flip", "attack=none,lf defense=krum", "defense=*", "threat.malicious<=0.2"],
            "--skip": ["attack=lf", "defense=krum attack=*flip"],
            "--set": ["task.local.lr=0.05", "threat.malicious={count: 1}", "rounds=3", "clients.count=8", "seeds=[1, 2]",
                      "threat.window.start=0", "attacks=[none]", "matrix={}", "name=x", "task.dataset=digits"],
            "--seeds": ["1..3", "1,7,9", "2", "1..1,4..6"],
            "--deadline": ["2s", "1m", "3h50m", "90", "1d12h"],
            "--defense": ["krum:f=2", "trimmed-mean:f=2", "median", "multi-krum:f=2,m=3", "bulyan:f=1", "geometric-median",
                          "norm-clipping:bound=auto", "krum:f=2,neighbours=n-f-1,power=1", "trimmed-mean:fraction=0.29"],
            "--stage": ["nnm:f=2", "clipping:bound=1"],
            "--attack": ["sign-flip:f=2,scale=4", "ipm:f=2", "opt-ipm:f=2", "gaussian-noise:f=1,sd=2", "nan-update:f=1"],
            "--shard": ["1/3", "3/16", "auto"], "--color": ["always", "auto", "never"], "-j": ["1", "2"],
            "--metrics": ["accuracy.final", "asr.stop,accuracy.stop"], "--tolerance": ["accuracy.final=0.02"],
        }.get(name, ["x"])
        text = rng.choice(right)
        if name == "--deadline":
            text = rng.choice(["2s", "1s", "2"])
        for _ in range(rng.choice([0, 0, 1, 1, 2])):
            i = rng.randrange(len(text) + 1)
            change = rng.random()
            if change < 0.35:
                found = list(re.finditer(r"\d+(\.\d+)?", text))
                if found:
                    match = rng.choice(found)
                    value = rng.choice([str(n) for n in NUMBERS] + RAW_NUMBERS)
                    text = text[:match.start()] + value + text[match.end():]
            elif change < 0.5:
                text = text[:i] + text[i + 1:]
            elif change < 0.7:
                text = text[:i] + rng.choice(list("=,:.. *[]{}<>|&#\\'\"-") + ["..", "=="]) + text[i:]
            elif change < 0.85:
                text = text[:i] + rng.choice(STRINGS)[:100] + text[i:]
            elif change < 0.9:
                text = text + rng.choice([" ", ",", ""]) + text
            elif change < 0.97:
                word = rng.choice(["a.", "a.", "a,", "[", "{a: ", "*", "1,", "a=b ", "a:"])
                place = 0 if word == "a." else i
                text = text[:place] + word * rng.choice([10, 300, 20_000]) + text[place:]
            else:
                text = rng.choice(STRINGS)
        return text[:120_000]

    @staticmethod
    def _special(rng, trace, is_written=False, allows_pipes=True):
        """Something else in the place of a file; no device where the program writes."""
        kinds = [Special("folder"), Special("link", "missing"), Special("link", ".")]
        if allows_pipes:
            kinds.append(Special("fifo"))
        if not is_written:
            kinds += [Special("link", "/dev/" + name) for name in ("zero", "null", "urandom")]
        special = rng.choice(kinds)
        trace.append(f"a file is a {special.kind} {special.target or ''}")
        return special

    def _path(self, rng, trace):
        path = rng.choice(PATHS)
        trace.append(f"path {path[:40]!r}")
        return path

    # Results

    def results(self, rng):
        trace = []
        files = {}
        for name in "abc":
            files.update(self.corpus.results[name])
        files["base.json"] = self.corpus.baseline
        files["claims.yaml"] = text_bytes(to_yaml(copy.deepcopy(CLAIMS)))
        files["s.yaml"] = self.corpus.tiny
        command = rng.choices(["gate", "compare", "merge", "make", "accept", "show", "plan", "resume", "review"],
                              [36, 14, 14, 8, 8, 8, 4, 7, 1])[0]
        targets = {"gate": ["log", "log", "baseline", "baseline", "claims", "claims", "manifest", "rounds"],
                   "show": ["baseline"], "accept": ["log", "baseline", "baseline"],
                   }.get(command, ["log", "log", "log", "manifest", "rounds"])
        expect = None
        impossible = False
        if command in ("gate", "show") and rng.random() < 0.12:
            impossible = True
            where = "log" if command == "gate" and rng.random() < 0.5 else "baseline"
            self._bad_rate(rng, files, where, trace)
            expect = [1]
        else:
            for _ in range(rng.choice([0, 1, 1, 1, 1, 2])):
                self._change(rng, files, rng.choice(targets), trace, command in ("accept", "resume"))
        # Paths and options.
        results = "a" if impossible or rng.random() < 0.97 else self._path(rng, trace)
        argv = {
            "gate": ["gate", results, "--baseline", "base.json"], "compare": ["compare", "b", results],
            "merge": ["merge", "c", results, "-o", "out"], "make": ["baseline", "make", results, "-o", "new.json"],
            "accept": ["baseline", "accept", "--from", rng.choice("ab"), "--baseline", "base.json", "--reason", "r"],
            "show": ["baseline", "show", "base.json"], "plan": ["plan", "s.yaml", "-o", results],
            "resume": ["run", "s.yaml", "-o", results, "--progress", "none", "--deadline", "5s"],
            "review": ["baseline", "review", "--from", "b", "--baseline", "base.json"],
        }[command]
        if command == "gate":
            if rng.random() < 0.6 and not impossible:
                argv += ["--claims", "claims.yaml"]
            for option in (["--strict"], ["--exact"], ["--fail-on-improvement"], [rng.choice(["-q", "-v"])], ["--self-test"],
                           ["--format", rng.choice(["json", "md", "github", "text"])], ["--junit", "j.xml"],
                           ["--summary", "summary.md"]):
                if rng.random() < 0.12:
                    argv += option
            # One line is no format.
            if "-q" in argv and "--format" in argv:
                argv.remove("-q")
            if impossible:
                argv = [a for a in argv if a not in ("--junit", "j.xml", "--summary", "summary.md")]
        if command in ("compare",) and rng.random() < 0.3:
            argv += ["--format", "json"]
        if command in ("gate", "compare", "accept") and rng.random() < 0.1 and not impossible:
            option = rng.choice(["--only", "--skip"])
            argv += [option, self.expression(rng, option)]
        if command in ("make", "merge") and rng.random() < 0.1:
            path = self._path(rng, trace)
            argv[argv.index("-o") + 1] = path
        if command == "merge" and rng.random() < 0.3:
            argv.append("--fresh")
        if command == "make" and rng.random() < 0.2:
            option = rng.choice(["--metrics", "--tolerance"])
            argv += [option, self.expression(rng, option)]
        if command == "accept" and rng.random() < 0.3:
            argv.append("-n")
        return Case(argv, files, None, "; ".join(trace), expect)

    def _bad_rate(self, rng, files, where, trace):
        """A rate outside of 0...1 in one cell."""
        rate = rng.choice([r for r in self.corpus.rates if r in ("accuracy.final", "accuracy.stop", "asr.stop", "asr.final")])
        value = rng.choice(RATES)
        trace.append(f"{rate} = {value} in the {where}")
        if where == "log":
            lines = [json.loads(x) for x in files["a/trials.jsonl"].splitlines()]
            rng.choice(lines)["metrics"][rate] = value
            files["a/trials.jsonl"] = b"".join(json.dumps(x, sort_keys=True, separators=(",", ":")).encode() + b"\n"
                                               for x in lines)
            self._sign(files, "a")
            return
        tree = json.loads(files["base.json"])
        if rng.random() < 0.3:
            tree["policy"]["alpha"] = value = rng.choice([1e-320, 1e-46, 0, -1, 1.7])
            trace[-1] = f"policy.alpha = {value}"
            files["base.json"] = json.dumps(tree).encode()
            return
        cell = tree["cells"][rng.choice(sorted(tree["cells"]))]
        cell[rate][rng.randrange(len(cell[rate]))] = value
        files["base.json"] = json.dumps(tree).encode()

    @staticmethod
    def _sign(files, name):
        """Gives the manifest the digests of what the folder holds now."""
        try:
            manifest = json.loads(files[f"{name}/run.json"])
            for entry in manifest["files"]:
                content = files[f"{name}/{entry}"]
                manifest["files"][entry] = hashlib.sha256(content).hexdigest()
        except (ValueError, KeyError, TypeError):
            return
        files[f"{name}/run.json"] = json.dumps(manifest, indent=2, sort_keys=True).encode()

    def _change(self, rng, files, target, trace, is_written):
        name = {"log": "a/trials.jsonl", "baseline": "base.json", "claims": "claims.yaml", "manifest": "a/run.json",
                "rounds": "a/rounds.csv"}[target]
        if not isinstance(files.get(name), bytes):
            return
        if rng.random() < 0.03:
            files[name] = self._special(rng, trace, is_written, allows_pipes=name != "claims.yaml")
            return
        if rng.random() < 0.02:
            del files[name]
            trace.append(f"no {name}")
            return
        trace.append(target)
        if target == "rounds" or rng.random() < 0.3:
            files[name] = bytes_mutated(rng, files[name], trace, is_text=True)
        elif target == "claims":
            tree = mutate(rng, copy.deepcopy(CLAIMS), trace)
            files[name] = text_bytes(to_yaml(tree))
        elif target == "log":
            lines = files[name].split(b"\n")[:-1]
            if not lines:
                return
            i = rng.randrange(len(lines))
            try:
                tree = mutate(rng, json.loads(lines[i]), trace, for_json=True)
            except (ValueError, RecursionError):
                return
            lines[i] = text_bytes(to_json(tree))
            if rng.random() < 0.3:
                lines.insert(rng.randrange(len(lines)), lines[i])
            files[name] = b"\n".join(lines) + b"\n"
        else:
            try:
                tree = mutate(rng, json.loads(files[name]), trace, for_json=True)
            except (ValueError, RecursionError):
                return
            files[name] = text_bytes(to_json(tree)) + b"\n"
        if rng.random() < 0.5:
            self._sign(files, "a")

    # Matrices, data and words

    def matrix(self, rng):
        trace = []
        files = {}
        name = "m.npy"
        content = binaries.npy_mutated(rng, trace) if rng.random() < 0.6 else binaries.npy(7, 5, rng)
        files[name] = content
        if rng.random() < 0.02:
            files[name] = self._special(rng, trace)
        if rng.random() < 0.7:
            argv = ["aggregate", "--defense", self._chosen(rng, "--defense", "defenses")]
            if rng.random() < 0.3:
                argv += ["--stage", self._chosen(rng, "--stage", "stages")]
            if rng.random() < 0.2:
                argv.append("--json")
        else:
            argv = ["craft", "--attack", self._chosen(rng, "--attack", "attacks")]
            if rng.random() < 0.3:
                argv += ["--defense", self._chosen(rng, "--defense", "defenses")]
        if rng.random() < 0.15:
            files["root.npy"] = binaries.npy_mutated(rng, trace, 1, 5) if rng.random() < 0.5 else binaries.npy(1, 5, rng)
            argv += ["--root", "root.npy"]
        if rng.random() < 0.3:
            argv += ["-o", "out.npy" if rng.random() < 0.7 else self._path(rng, trace)]
        stdin = None
        if rng.random() < 0.05 and isinstance(files[name], bytes):
            stdin, name = files.pop(name), "-"
        argv.append(name)
        return Case(argv, files, stdin, "; ".join(trace + [" ".join(argv)[:120]]))

    def _chosen(self, rng, option, kind):
        entries = self.corpus.components.get(kind)
        if rng.random() < 0.65 or not entries:
            return self.expression(rng, option)
        entry = rng.choice(entries)
        words = []
        for parameter in entry.get("parameters") or []:
            if rng.random() < 0.6:
                value = self._argument(rng, parameter)
                words.append(f"{parameter['name']}={value if isinstance(value, str) else to_json(value)}"[:2_000])
        if rng.random() < 0.6:
            words.append(f"f={rng.choice([0, 1, 2, 3, 7, 1000000000, -1, 2**63])}")
        return entry["id"] + (":" + ",".join(words) if words else "")

    def data(self, rng):
        trace = []
        files = {"d/" + n: c for n, c in binaries.idx_mutated(rng, trace).items()}
        if rng.random() < 0.05:
            files[rng.choice(sorted(files))] = self._special(rng, trace)
        argv = ["data", "verify", "d" if rng.random() < 0.95 else self._path(rng, trace), "--classes",
                rng.choice(["3", "3", "3", "3", "10", "2", "256", "257", "-1", "0", "x", "1e9"])]
        return Case(argv, files, None, "; ".join(trace))

    def words(self, rng):
        """Commands with odd words, and `init` in odd places."""
        trace = []
        kind = rng.random()
        if kind < 0.35:
            argv = ["init", self._path(rng, trace)] + (["--ci", "github"] if rng.random() < 0.3 else [])
            files = {"here.file": b"x"}
        else:
            pool = ["run", "validate", "plan", "gate", "compare", "merge", "baseline", "show", "make", "list", "explain",
                    "data", "verify", "attacks", "krum", "metrics", "--format", "json", "-o", "--only", "-q", "--help",
                    "--version", "-", "--", "s.yaml", "help", "rnu", "--ony", "--sed", "-z"]
            odd_words = [w.replace("\0", "")[:3_000] for w in STRINGS + PATHS if not w.startswith(("/", ".."))]
            argv = [rng.choice(pool) if rng.random() < 0.7 else rng.choice(odd_words)
                    for _ in range(rng.choice([1, 2, 2, 3, 4]))]
            files = {"s.yaml": self.corpus.tiny}
        return Case(argv, files, None, "; ".join(trace + ["words"]))

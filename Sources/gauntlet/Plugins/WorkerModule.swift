// Written by `make pages` from Python/src/gauntlet_fl/worker.py; change that one.

/// The module that workers in Python import where the package is not installed.
enum WorkerModule {
  static let fileName = "gauntlet_worker.py"

  static let text = #"""
    """Write a defense, an attack or a trainer for Gauntlet in Python.

    A worker is a script that Gauntlet starts and asks once a round::

        import numpy as np
        from gauntlet_worker import defense, run

        @defense(name="my-median", version="1")
        def aggregate(updates, ctx):
            return np.median(updates, axis=0)

        run()

    This file needs NumPy alone and works as it is: as ``gauntlet_worker.py`` beside a script where
    nothing is installed, and as ``gauntlet_fl.worker`` of the package ``gauntlet-fl``, from which
    ``from gauntlet_fl import defense, serve`` takes the same.

    Gauntlet talks to a worker by JSON lines on its standard streams, and passes matrices through
    mapped files. Once a worker is served, both streams are out of reach of everything else: what a
    script or a library prints goes to standard error, which Gauntlet keeps as the worker's log.
    """

    from __future__ import annotations

    import dataclasses
    import difflib
    import inspect
    import json
    import os
    import sys
    import traceback
    from types import SimpleNamespace
    from typing import (
        Any, BinaryIO, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, TypeVar,
    )

    import numpy as np

    __all__ = ["Context", "Layer", "attack", "defense", "run", "serve", "trainer"]

    PROTOCOL = 1
    LONGEST_LINE = 16 << 20

    _T = TypeVar("_T", bound=Callable[..., Any])


    # What a worker is told -----------------------------------------------------------------------


    class Layer(NamedTuple):
        """One array of a model, and where its values stand in a row of updates."""

        name: str
        shape: Tuple[int, ...]
        offset: int

        @property
        def size(self) -> int:
            """Number of values."""
            return int(np.prod(self.shape, dtype=np.int64))

        @property
        def slice(self) -> slice:
            """The columns of this layer: ``updates[:, layer.slice]``."""
            return slice(self.offset, self.offset + self.size)


    @dataclasses.dataclass
    class Context:
        """What Gauntlet says about a trial and, in a call, about its round.

        Matrices are views of memory that the next call overwrites: copy what has to be kept.

        Attributes
        ----------
        seed : int
            A seed for this call; in ``__init__`` and ``hello`` one for the trial.
        params : dict
            The ``params`` of the scenario.
        dimension : int or None
            Values per update; None where no trial has begun.
        layers : list of Layer or None
            The arrays of the model; None where only a matrix is known.
        f : int or None
            The number of malicious clients that a defense is to expect.
        clients, participants, rounds : int or None
            Clients of the federation, clients in one round, and rounds of the trial.
        threads : int
            How many threads the worker should use.
        round : int
            The number of the round, from 0.
        ids : list of str
            Opaque names of the clients, one a row, the same in every round.
        weights : ndarray
            Weights of the rows, which sum to 1 (defenses).
        weight_share : float or None
            The attackers' share of the weight (attacks).
        window : tuple of int or None
            The rounds in which the attack may act, as start and stop (attacks).
        seeds, poison, schedule
            A seed for each client, what each has to poison (None or a mapping), and how to train,
            with attributes such as ``epochs`` and ``learning_rate`` (trainers).
        describe : bool
            Whether this is only to find out what a trainer has; no trial follows.
        """

        seed: int = 0
        params: Dict[str, Any] = dataclasses.field(default_factory=dict)
        dimension: Optional[int] = None
        layers: Optional[List[Layer]] = None
        f: Optional[int] = None
        clients: Optional[int] = None
        participants: Optional[int] = None
        rounds: Optional[int] = None
        threads: int = 1
        round: int = 0
        ids: List[str] = dataclasses.field(default_factory=list)
        weights: np.ndarray = dataclasses.field(default_factory=lambda: np.empty(0))
        weight_share: Optional[float] = None
        window: Optional[Tuple[int, ...]] = None
        seeds: List[int] = dataclasses.field(default_factory=list)
        poison: List[Optional[Dict[str, Any]]] = dataclasses.field(default_factory=list)
        schedule: SimpleNamespace = dataclasses.field(default_factory=SimpleNamespace)
        describe: bool = False
        arrays: Dict[str, np.ndarray] = dataclasses.field(default_factory=dict, repr=False)
        _generator: Optional[np.random.Generator] = dataclasses.field(
            default=None, init=False, repr=False)

        @property
        def rng(self) -> np.random.Generator:
            """A generator from ``seed``, the same one throughout a call."""
            if self._generator is None:
                self._generator = np.random.default_rng(self.seed)
            return self._generator

        @property
        def global_model(self) -> np.ndarray:
            """The parameters that the clients were sent; a defense has to declare the need."""
            return self._array("global", "global-model")

        @property
        def root_update(self) -> np.ndarray:
            """What the server's own data gives; a defense has to declare the need."""
            return self._array("root", "root-update")

        def _array(self, name: str, need: str) -> np.ndarray:
            if name not in self.arrays:
                raise AttributeError(
                    f"no {need} here; a defense declares it: @defense(needs=['{need}'])")
            return self.arrays[name]


    # What a worker says about itself -------------------------------------------------------------


    @dataclasses.dataclass
    class _Worker:
        kind: str
        target: Any
        facts: Dict[str, Any]
        params: Optional[Dict[str, Any]]
        # The one object of a trainer; others are made anew for each trial.
        made: Any = None

        def ready(self) -> Dict[str, Any]:
            return {"type": "ready", "protocol": PROTOCOL, "kind": self.kind, **self.facts}


    _registered: List[_Worker] = []


    def defense(
        name: Optional[str] = None, version: str = "0", needs: Sequence[str] = (),
        stateful: Optional[bool] = None, deterministic: bool = True,
        params: Optional[Mapping[str, Any]] = None, reusable: Optional[bool] = None,
        declares_malicious: bool = False,
    ) -> Callable[[_T], _T]:
        """Makes a defense of a function ``aggregate(updates, ctx)``, or of a class with that method.

        It returns one vector of ``ctx.dimension`` values, or that and a dict with any of
        ``suspicion`` (a number per row, higher is worse), ``kept`` (a truth value per row),
        ``weights`` (what each row counted) and ``report`` (names with a number or a short text each).
        ``updates`` is an array of float32 with one row per client, and is read-only: a row is local
        minus global parameters. A class is made anew for each trial, with the trial's `Context`.

        Parameters
        ----------
        name : str, optional
            What results call it; the function's name otherwise.
        version : str
            Raise it whenever results change: trials of another version are run again.
        needs : sequence of str
            Of ``"root-update"`` and ``"global-model"``.
        stateful : bool, optional
            Whether a round depends on earlier ones; a class is taken to.
        deterministic : bool
            Whether the same input and seed give the same bits.
        params : mapping, optional
            Defaults of the parameters it knows; a scenario that gives another one is refused.
        reusable : bool, optional
            Whether one process may serve trial after trial; all may but stateful functions.
        declares_malicious : bool
            Whether a row that is not kept is said to be malicious, which detection rates then count.
        """
        needed = [_known("need", need, ("root-update", "global-model")) for need in needs]
        return _registering(
            "defense", "aggregate", name, version, stateful, reusable, params,
            deterministic=deterministic, needs=needed,
            **({"declares_malicious": True} if declares_malicious else {}))


    def attack(
        name: Optional[str] = None, version: str = "0", knowledge: str = "own-clients",
        stateful: Optional[bool] = None, deterministic: bool = True,
        params: Optional[Mapping[str, Any]] = None, reusable: Optional[bool] = None,
    ) -> Callable[[_T], _T]:
        """Makes an attack of a function ``craft(own, honest, ctx)``, or of a class with that method.

        It returns as many rows as ``own`` has, or those and a dict of figures. ``own`` is what the
        controlled clients trained; ``honest`` has the rows of everybody else in the round with
        ``knowledge="honest-updates"``, and is None otherwise. Both are read-only.

        See `defense` for the other parameters.
        """
        knows = _known("knowledge", knowledge, ("own-clients", "honest-updates"))
        return _registering(
            "attack", "craft", name, version, stateful, reusable, params,
            deterministic=deterministic, knowledge=knows)


    def trainer(
        name: Optional[str] = None, version: str = "0", deterministic: bool = True,
        params: Optional[Mapping[str, Any]] = None, reusable: bool = True,
    ) -> Callable[[_T], _T]:
        """Makes a trainer of a class, whose one object owns data and model.

        The class has four methods:

        ``hello(ctx)``
            Deals the data by ``ctx.seed``, and returns a dict: ``layers`` as (name, shape) pairs in
            the order of a row, ``clients``, ``classes``, ``examples`` (of each client),
            ``test_examples``; where there is such a thing ``shape`` (of one input), ``poisons`` (of
            ``"label-flip"``, ``"backdoor"``) and ``device`` (in words). Called for every trial.
        ``initialize(seed)``
            Returns the first global parameters.
        ``train(parameters, clients, updates, ctx)``
            Trains the numbered clients from ``parameters`` as ``ctx.schedule`` says, with
            ``ctx.seeds[i]`` and ``ctx.poison[i]`` for ``clients[i]``, and writes local minus global
            parameters into ``updates[i]``. Returns the gradients taken by each client, or those and
            the losses.
        ``evaluate(parameters, backdoors)``
            Returns a dict: ``classes``, a pair of hits and examples for each class, ``backdoors``
            with ``{"hits": h, "examples": n}`` for each one asked for, and ``loss``.
        """
        return _registering(
            "trainer", "train", name, version, True, reusable, params, deterministic=deterministic)


    def _registering(
        kind: str, method: str, name: Optional[str], version: str, stateful: Optional[bool],
        reusable: Optional[bool], params: Optional[Mapping[str, Any]], **facts: Any,
    ) -> Callable[[_T], _T]:
        if name is not None and not isinstance(name, str):
            raise TypeError(f"write @{kind}() with parentheses; name is a string")

        def register(target: _T) -> _T:
            is_class = inspect.isclass(target)
            if kind == "trainer" and not is_class:
                raise TypeError("a trainer is a class")
            if is_class and not callable(getattr(target, method, None)):
                raise TypeError(f"class {target.__name__} has no method {method}")
            keeps = is_class if stateful is None else bool(stateful)
            _registered.append(_Worker(kind, target, {
                "name": name or target.__name__.replace("_", "-"), "version": str(version),
                "stateful": keeps,
                "reusable": is_class or not keeps if reusable is None else bool(reusable), **facts,
            }, None if params is None else dict(params)))
            return target

        return register


    def _known(what: str, value: Any, known: Sequence[str]) -> str:
        if value in known:
            return str(value)
        near = difflib.get_close_matches(str(value), known, 1, 0.5)
        hint = f"did you mean {near[0]!r}?" if near else "known: " + (", ".join(known) or "none")
        raise ValueError(f"unknown {what} {value!r}; {hint}")


    # The streams ---------------------------------------------------------------------------------

    _streams: Optional[Tuple[BinaryIO, BinaryIO]] = None


    def _take_streams() -> Tuple[BinaryIO, BinaryIO]:
        """Moves standard input and output away, for C code too: prints go to standard error."""
        global _streams
        if _streams is None:
            incoming, outgoing = os.dup(0), os.dup(1)
            nothing = os.open(os.devnull, os.O_RDONLY)
            os.dup2(nothing, 0)
            os.close(nothing)
            os.dup2(2, 1)
            if hasattr(sys.stdout, "reconfigure"):
                sys.stdout.reconfigure(line_buffering=True)
            _streams = os.fdopen(incoming, "rb", 1 << 16), os.fdopen(outgoing, "wb", 1 << 16)
        return _streams


    # Gauntlet says so to the processes that it starts; then not even a print while a script is
    # being loaded can get in the way. Children of the worker are none of its workers.
    if os.environ.pop("GAUNTLET_WORKER", "") == "1":
        _take_streams()


    class _MappedFile:
        """An .npy file of float32 that stays mapped as long as its size does."""

        def __init__(self, path: str, writable: bool) -> None:
            with open(path, "rb") as file:
                major, _ = np.lib.format.read_magic(file)
                read = getattr(np.lib.format, f"read_array_header_{major}_0")
                _, fortran, dtype = read(file)
                if fortran or dtype != np.dtype("<f4"):
                    raise ValueError(f"{path}: float32 in C order expected, not {dtype}")
                offset = file.tell()
                self.size = os.fstat(file.fileno()).st_size
            count = (self.size - offset) // 4
            # No bytes cannot be mapped.
            self.values = np.empty(0, "<f4") if count == 0 else np.asarray(
                np.memmap(path, "<f4", "r+" if writable else "r", offset, (count,)))

        def array(self, shape: Sequence[int]) -> np.ndarray:
            count = int(np.prod(shape, dtype=np.int64))
            if count > self.values.size:
                raise ValueError(f"the mapped file holds {self.values.size} values, not {count}")
            return self.values[:count].reshape(shape)


    class _Channel:
        """Messages with their matrices, in either transport."""

        def __init__(self) -> None:
            self.input, self.output = _take_streams()
            self.files: Dict[str, str] = {}
            self.mapped: Dict[Tuple[str, bool], _MappedFile] = {}
            self.inline = False

        def use(self, hello: Mapping[str, Any]) -> None:
            self.inline = hello.get("transport") == "inline"
            self.files = dict(hello.get("files") or {})
            self.mapped = {}

        def receive(self) -> Optional[Dict[str, Any]]:
            """The next message; None at the end of the input."""
            line = self.input.readline(LONGEST_LINE + 1)
            if not line:
                return None
            if len(line) > LONGEST_LINE:
                raise ValueError("a line is too long")
            message = json.loads(line)
            if not isinstance(message, dict) or not isinstance(message.get("type"), str):
                raise ValueError("not a message of Gauntlet")
            return message

        def arrays(self, message: Mapping[str, Any]) -> Dict[str, np.ndarray]:
            """The matrices that come with a request, read-only."""
            shapes = message.get("arrays") or {}
            result = {}
            for name in message.get("order", list(shapes)) if self.inline else shapes:
                if self.inline:
                    array = np.empty(shapes[name], "<f4")
                    rest = memoryview(array.reshape(-1).view(np.uint8))  # type: ignore[arg-type]
                    while len(rest):
                        count = self.input.readinto(rest)  # type: ignore[attr-defined]
                        if not count:
                            raise EOFError("the input ended within a matrix")
                        rest = rest[count:]
                else:
                    array = self.map(name, shapes[name], writable=False)
                array.flags.writeable = False
                result[name] = array
            return result

        def map(self, name: str, shape: Sequence[int], writable: bool) -> np.ndarray:
            if name not in self.files:
                raise ValueError(f"Gauntlet named no file for the matrix '{name}'")
            path = self.files[name]
            file = self.mapped.get((name, writable))
            if file is None or os.stat(path).st_size != file.size:
                file = self.mapped[name, writable] = _MappedFile(path, writable)
            return file.array(shape)

        def room(self, name: str, shape: Sequence[int]) -> np.ndarray:
            """Where a matrix of a reply goes."""
            return np.empty(shape, "<f4") if self.inline else self.map(name, shape, writable=True)

        def send(self, message: Dict[str, Any], name: str = "", array: Any = None) -> None:
            if array is not None:
                message = {**message, "arrays": {name: list(array.shape)}}
                if self.inline:
                    message["order"] = [name]
            line = json.dumps(_plain(message, "reply"), allow_nan=False).encode() + b"\n"
            if len(line) > LONGEST_LINE:
                raise ValueError(f"a reply of {len(line)} bytes is too long; say less in 'report'")
            self.output.write(line)
            if array is not None and self.inline:
                self.output.write(array.tobytes())
            self.output.flush()


    def _plain(value: Any, place: str) -> Any:
        """The same in types of JSON; numbers that are not finite become null."""
        if value is None or isinstance(value, (bool, int, str)):
            return value
        if isinstance(value, np.generic):
            return _plain(value.item(), place)
        if isinstance(value, float):
            return value if np.isfinite(value) else None
        if isinstance(value, Mapping):
            return {str(key): _plain(item, f"{place}.{key}") for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [_plain(item, f"{place}[{index}]") for index, item in enumerate(value)]
        if hasattr(value, "__array__"):
            return _plain(_as_array(value).tolist(), place)
        raise TypeError(f"{place}: {type(value).__name__} cannot be sent; use numbers and lists")


    # Serving -------------------------------------------------------------------------------------


    def serve(worker: Optional[Callable[..., Any]] = None) -> None:
        """Answers Gauntlet until it says good-bye.

        Parameters
        ----------
        worker : callable, optional
            The decorated function or class; needed only where a script has several of one kind.
        """
        known = [each for each in _registered if worker is None or each.target is worker]
        if not known:
            raise RuntimeError("nothing to serve; write @defense(), @attack() or @trainer() first")
        if _streams is None and sys.stdin is not None and sys.stdin.isatty():
            script = os.path.basename(sys.argv[0])
            sys.exit(f"{script} is a worker, which Gauntlet starts: gauntlet plugin check -- "
                     f"python3 {script}")
        _Session(_Channel(), known).run()


    #: The same as `serve`.
    run = serve


    class _Session:
        def __init__(self, channel: _Channel, known: List[_Worker]) -> None:
            self.channel = channel
            self.known = known
            self.worker: Optional[_Worker] = None
            self.made: Any = None
            self.trial = Context()
            self.answers = {
                "hello": self.hello, "aggregate": self.aggregate, "craft": self.craft,
                "initialize": self.initialize, "train": self.train, "evaluate": self.evaluate,
            }

        def run(self) -> None:
            while True:
                message = self.channel.receive()
                if message is None or message["type"] == "bye":
                    return
                call = {"call": message["call"]} if "call" in message else {}
                try:
                    # Whatever else is wrong, matrices are taken off the input first.
                    arrays = {} if message["type"] == "hello" else self.channel.arrays(message)
                    answer = self.answers.get(message["type"])
                    if answer is None:
                        raise ValueError(f"unknown message '{message['type']}'")
                    if self.worker is None and answer != self.hello:
                        raise ValueError("the first message has to be hello")
                    reply, name, array = answer(message, arrays)
                    self.channel.send({**reply, **call}, name, array)
                except BrokenPipeError:
                    return
                except (Exception, SystemExit, GeneratorExit) as error:
                    self.channel.send({"type": "error", **call, "message": _words(error)})

        # Each answers with the reply, and with the name and the values of its matrix.

        def hello(self, message: Dict[str, Any], _: Any) -> Tuple[Dict[str, Any], str, Any]:
            self.worker = self.made = None
            if message.get("protocol") != PROTOCOL:
                raise _Refusal(f"this worker speaks protocol {PROTOCOL}, not "
                               f"{message.get('protocol')}; take gauntlet_worker.py of that version")
            worker = self.choose(message.get("kind"))
            params = dict(message.get("params") or {})
            if worker.params is not None:
                for name in params:
                    try:
                        _known("parameter", name, sorted(worker.params))
                    except ValueError as error:
                        raise _Refusal(f"{worker.facts['name']}: {error}") from None
                params = {**worker.params, **params}
            layers = message.get("layers")
            self.trial = Context(
                seed=message.get("seed") or 0, params=params, dimension=message.get("dimension"),
                layers=None if layers is None else [
                    Layer(each["name"], tuple(each["shape"]), each["offset"]) for each in layers],
                f=message.get("f"), clients=message.get("clients"),
                participants=message.get("participants"), rounds=message.get("rounds"),
                threads=message.get("threads") or 1, describe=bool(message.get("describe")),
                window=None if message.get("window") is None else tuple(message["window"]))
            self.channel.use(message)
            reply = worker.ready()
            if worker.kind == "trainer":
                if worker.made is None:
                    worker.made = worker.target()
                self.made = worker.made
                reply.update(self.facts(self.made.hello(self.trial)))
            elif not inspect.isclass(worker.target):
                self.made = SimpleNamespace(aggregate=worker.target, craft=worker.target)
            elif not self.trial.describe:
                make: Any = worker.target
                self.made = make(self.trial) if inspect.signature(make).parameters else make()
            self.worker = worker
            return reply, "", None

        def choose(self, kind: Any) -> _Worker:
            found = [each for each in self.known if each.kind == kind]
            if not found:
                kinds = ", ".join(sorted({each.kind for each in self.known}))
                raise _Refusal(f"this script has no {kind}; it has: {kinds}")
            if len(found) > 1:
                names = ", ".join(each.facts["name"] for each in found)
                raise _Refusal(f"this script has several of kind {kind} ({names}); name the one to "
                               f"serve: serve(aggregate)")
            return found[0]

        def facts(self, given: Mapping[str, Any]) -> Dict[str, Any]:
            """What a trainer's `hello` returned, with the offsets of its layers."""
            facts = dict(given)
            layers, offset = [], 0
            for each in facts.get("layers", []):
                name, shape = (each["name"], each["shape"]) if isinstance(each, Mapping) else each[:2]
                layer = Layer(name, tuple(int(side) for side in shape), offset)
                layers.append(layer)
                offset += layer.size
            if layers and facts.setdefault("dimension", offset) != offset:
                raise ValueError(f"the layers have {offset} values, not {facts['dimension']}")
            for name in ("dimension", "clients", "classes", "examples", "test_examples"):
                if name not in facts:
                    raise ValueError(f"hello() has to say '{name}'")
            facts["layers"] = [{**each._asdict(), "shape": list(each.shape)} for each in layers]
            self.trial.dimension, self.trial.layers = int(facts["dimension"]), layers
            return {"shape": None, "poisons": [], "device": "cpu", **facts}

        def call(self, message: Dict[str, Any], arrays: Dict[str, np.ndarray]) -> Context:
            return dataclasses.replace(
                self.trial, seed=message.get("seed") or 0, round=message.get("round") or 0,
                ids=message.get("ids") or [], weights=np.array(message.get("weights") or [], float),
                weight_share=message.get("weight_share"),
                participants=message.get("participants", self.trial.participants),
                seeds=message.get("seeds") or [], poison=message.get("poison") or [],
                schedule=SimpleNamespace(**(message.get("schedule") or {})), arrays=arrays)

        def aggregate(
            self, message: Dict[str, Any], arrays: Dict[str, np.ndarray]
        ) -> Tuple[Dict[str, Any], str, Any]:
            updates = arrays["updates"]
            result, more = _with_dict(self.made.aggregate(updates, self.call(message, arrays)))
            for key in more:
                _known("member of the answer", key, ("suspicion", "kept", "weights", "report"))
            for key in ("suspicion", "kept", "weights"):
                if more.get(key) is not None:
                    more[key] = _per_row(key, more[key], len(updates))
            if more.get("report") is not None:
                more["report"] = _report("report", more["report"])
            room = self.channel.room("result", updates.shape[1:])
            _fill(room, result, "a defense returns one vector, and")
            wrong = np.flatnonzero(~np.isfinite(room))
            if wrong.size:
                raise ValueError(f"value {wrong[0]} of the result is {room[wrong[0]]} in float32 "
                                 f"({wrong.size} of {room.size} are not finite)")
            more = {key: value for key, value in more.items() if value is not None}
            return {"type": "aggregated", **more}, "result", room

        def craft(
            self, message: Dict[str, Any], arrays: Dict[str, np.ndarray]
        ) -> Tuple[Dict[str, Any], str, Any]:
            own = arrays["own"]
            result, figures = _with_dict(
                self.made.craft(own, arrays.get("honest"), self.call(message, arrays)))
            room = self.channel.room("result", own.shape)
            _fill(room, result, "an attack returns as many rows as it owns, and")
            more = {"figures": _report("figures", figures)} if figures else {}
            return {"type": "crafted", **more}, "result", room

        def initialize(
            self, message: Dict[str, Any], arrays: Dict[str, np.ndarray]
        ) -> Tuple[Dict[str, Any], str, Any]:
            room = self.channel.room("result", [self.trial.dimension or 0])
            _fill(room, self.made.initialize(message.get("seed") or 0), "initialize()")
            return {"type": "initialized"}, "result", room

        def train(
            self, message: Dict[str, Any], arrays: Dict[str, np.ndarray]
        ) -> Tuple[Dict[str, Any], str, Any]:
            clients = message["clients"]
            room = self.channel.room("updates", [len(clients), self.trial.dimension or 0])
            room.fill(np.nan)  # so that a row that is never written is seen
            answer = self.made.train(arrays["global"], clients, room, self.call(message, arrays))
            examples, losses = answer if isinstance(answer, tuple) else (answer, None)
            reply = {"type": "trained", "examples": _per_row("examples", examples, len(clients))}
            if losses is not None:
                reply["losses"] = _per_row("losses", losses, len(clients))
            return reply, "updates", room

        def evaluate(
            self, message: Dict[str, Any], arrays: Dict[str, np.ndarray]
        ) -> Tuple[Dict[str, Any], str, Any]:
            asked = message.get("backdoors") or []
            answer = dict(self.made.evaluate(arrays["global"], asked))
            for key in answer:
                _known("member of the answer", key, ("classes", "backdoors", "loss"))
            if len(answer.setdefault("backdoors", [])) != len(asked):
                raise ValueError(f"evaluate() answered {len(answer['backdoors'])} backdoors, was "
                                 f"asked for {len(asked)}")
            return {"type": "evaluated", **answer}, "", None


    class _Refusal(Exception):
        """A sentence for the user of Gauntlet, with no place in a script."""


    def _as_array(value: Any) -> np.ndarray:
        # A tensor of PyTorch, which may be on a device or part of a graph.
        if hasattr(value, "detach"):
            value = value.detach().cpu()
        return np.asarray(value)


    def _with_dict(answer: Any) -> Tuple[Any, Dict[str, Any]]:
        if isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], Mapping):
            return answer[0], dict(answer[1])
        return answer, {}


    def _fill(room: np.ndarray, value: Any, what: str) -> None:
        if value is None:
            raise ValueError("nothing was returned; is there a return?")
        array = _as_array(value)
        if array.dtype.kind not in "fiub":
            raise TypeError(f"{what} real numbers, not {array.dtype}")
        if array.shape != room.shape:
            raise ValueError(f"{what} has to have shape {_shape(room)}, not {_shape(array)}")
        with np.errstate(over="ignore"):
            room[...] = array


    def _shape(array: np.ndarray) -> str:
        return " x ".join(map(str, array.shape)) or "()"


    def _per_row(name: str, value: Any, count: int) -> List[Any]:
        array = _as_array(value)
        if array.shape != (count,):
            raise ValueError(f"'{name}' has to have one value for each of {count} rows, not shape "
                             f"{_shape(array)}")
        if name == "kept" and array.dtype.kind != "b":
            raise TypeError("'kept' has to be a mask of True and False, not row numbers")
        return list(array.tolist())


    def _report(name: str, values: Mapping[str, Any]) -> Dict[str, Any]:
        result: Dict[str, Any] = {}
        for key, value in values.items():
            value = _plain(value, f"{name}.{key}")
            if isinstance(value, (list, dict)):
                raise TypeError(f"{name}.{key} has to be a number or a short text")
            result[str(key)] = int(value) if isinstance(value, bool) else value
        return result


    def _words(error: BaseException) -> str:
        """An error in a few lines; all of its traceback goes to the log."""
        if isinstance(error, _Refusal):
            return str(error)
        traceback.print_exception(type(error), error, error.__traceback__)
        if isinstance(error, SystemExit):
            text = f"the script called sys.exit({error.code!r})"
        else:
            text = "".join(traceback.format_exception_only(type(error), error)).strip()
        if isinstance(error, ValueError) and "read-only" in str(error):
            text += " (matrices are shared; change a copy: updates.copy())"
        frames = [each for each in traceback.extract_tb(error.__traceback__)
                  if each.filename != __file__]
        for each in reversed(frames[-3:]):
            text += f"\n{os.path.basename(each.filename)}:{each.lineno} in {each.name}: {each.line}"
        return text[:4000]

    """#
}

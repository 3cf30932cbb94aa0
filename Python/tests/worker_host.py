"""Gauntlet's side of the worker protocol in a few lines, for tests of workers in Python."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).parents[1] / "src" / "gauntlet_fl" / "worker.py"
# Room for the largest matrix of the tests.
ROOM = 64 * 64


def write_header(path, shape):
    """An .npy header padded so that data start at byte 128; what follows it stays."""
    text = repr({"descr": "<f4", "fortran_order": False, "shape": tuple(shape)})
    header = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + text.ljust(117).encode() + b"\n"
    assert len(header) == 128
    with open(path, "r+b" if os.path.exists(path) else "wb") as file:
        file.write(header)


class Host:
    """A running worker, to which messages are sent one at a time.

    Parameters
    ----------
    folder : path
        A folder with ``gauntlet_worker.py`` and the script.
    command : list of str
        What to start.
    """

    FILES = ("updates", "own", "honest", "global", "root", "result")

    def __init__(self, folder, command, transport, environment=()):
        self.folder, self.transport, self.calls = Path(folder), transport, 0
        self.log = open(self.folder / "log", "w+b")
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **dict(environment)})
        self.files = {}
        if transport == "mapped":
            for name in self.FILES:
                self.files[name] = str(self.folder / f"{name}.npy")
                write_header(self.files[name], [ROOM])
                os.truncate(self.files[name], 128 + 4 * ROOM)

    @classmethod
    def of(cls, folder, text, transport="mapped", environment=()):
        """Starts a script of this text."""
        (folder / "gauntlet_worker.py").write_bytes(SOURCE.read_bytes())
        (folder / "script.py").write_text(text)
        return cls(folder, [sys.executable, "script.py"], transport, environment)

    def hello(self, kind="defense", **members):
        message = {
            "type": "hello", "protocol": 1, "kind": kind, "transport": self.transport,
            "dimension": 3, "rows_max": 8, "clients": 20, "rounds": 10, "layers": None,
            "seed": 7, "params": {}, "f": 1, "threads": 1, **members}
        if self.transport == "mapped":
            message.setdefault("files", self.files)
        self.send(message)
        return self.receive()[0]

    def call(self, kind, arrays, **members):
        """Returns the reply and its matrices."""
        self.calls += 1
        arrays = {name: np.ascontiguousarray(each, "<f4") for name, each in arrays.items()}
        message = {
            "type": kind, "call": self.calls, "seed": 5, "round": 0,
            "arrays": {name: list(each.shape) for name, each in arrays.items()}, **members}
        if self.transport == "inline":
            message["order"] = list(arrays)
        else:
            for name, each in arrays.items():
                write_header(self.files[name], each.shape)
                with open(self.files[name], "r+b") as file:
                    file.seek(128)
                    file.write(each.tobytes())
        self.send(message)
        if self.transport == "inline":
            for each in arrays.values():
                self.process.stdin.write(each.tobytes())
            self.process.stdin.flush()
        reply, result = self.receive()
        assert reply["call"] == self.calls
        return reply, result

    def aggregate(self, updates, **members):
        rows = len(updates)
        members.setdefault("weights", [1 / rows] * rows)
        members.setdefault("ids", [f"c{row}" for row in range(rows)])
        arrays = {"updates": updates, **members.pop("arrays", {})}
        reply, result = self.call("aggregate", arrays, **members)
        return reply, result.get("result")

    def send(self, message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def receive(self):
        line = self.process.stdout.readline()
        assert line, "the worker ended: " + self.words()
        reply = json.loads(line)
        result = {}
        shapes = reply.get("arrays", {})
        for name in reply.get("order", shapes):
            count = int(np.prod(shapes[name]))
            if self.transport == "inline":
                values = np.frombuffer(self.process.stdout.read(4 * count), "<f4")
            else:
                values = np.fromfile(self.files[name], "<f4", count, offset=128)
            result[name] = values.reshape(shapes[name])
        return reply, result

    def words(self):
        """What the worker wrote to standard error."""
        self.log.seek(0)
        return self.log.read().decode()

    def end(self):
        """Says good-bye, and returns the exit status and what else was written."""
        try:
            self.send({"type": "bye"})
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        rest = self.process.stdout.read()
        return self.process.wait(20), rest

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.log):
            try:
                stream.close()
            except BrokenPipeError:
                pass

"""A case: one command line of the program with the files it meets, and how it is kept and restored."""

import base64
import json
import os
import shutil

SPECIAL = ("fifo", "folder", "link")


class Special:
    """What stands in a folder and is no regular file: a FIFO, a folder or a link."""

    def __init__(self, kind, target=None):
        assert kind in SPECIAL
        self.kind, self.target = kind, target


class Case:
    """One execution: arguments, files, what is expected, and what may follow a success."""

    def __init__(self, argv, files=None, stdin=None, why="", expect=None, **limits):
        self.argv = list(argv)
        self.files = dict(files or {})
        self.stdin = stdin
        self.why = why
        # Exit codes that are right here, where that is narrower than what the command documents.
        self.expect = None if expect is None else sorted(expect)
        # Text that the standard output, or the standard error, has to contain.
        self.output = limits.pop("output", None)
        self.errors = limits.pop("errors", [])
        # Commands that have to end with one of some codes after this one ended with 0.
        self.after = limits.pop("after", [])
        # cpu and wall in seconds, rss and file_size in MB; signal: (seconds, number); endless: may take
        # longer than `wall`.
        self.limits = limits

    @property
    def command(self):
        words = [a for a in self.argv[:2] if a and a[0].islower() and a.isalpha()]
        if words[:1] in (["baseline"], ["data"]):
            return " ".join(words)
        return words[0] if words else ""

    def shell(self, program="gauntlet"):
        """The command line as a shell takes it, long arguments cut."""
        def quoted(text):
            text = text if len(text) <= 120 else text[:60] + f"…({len(text)} characters)"
            if text and all(c.isascii() and (c.isalnum() or c in "-_./=:,") for c in text):
                return text
            return "$'" + "".join(_shell_character(c) for c in text) + "'"
        return " ".join([program] + [quoted(a) for a in self.argv])

    def write(self, folder):
        """Lays the files out in an empty folder."""
        for path, content in self.files.items():
            place = os.path.join(folder, path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            if isinstance(content, bytes):
                with open(place, "wb") as file:
                    file.write(content)
            elif content.kind == "fifo":
                os.mkfifo(place)
            elif content.kind == "folder":
                os.makedirs(place, exist_ok=True)
            else:
                os.symlink(content.target, place)

    def save(self, folder, **more):
        """Keeps the case in a folder, so that `load` finds it again."""
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(os.path.join(folder, "files"))
        regular = {p: c for p, c in self.files.items() if isinstance(c, bytes)}
        Case([], regular).write(os.path.join(folder, "files"))
        record = {
            "command": self.shell(), "argv": self.argv, "why": self.why, "expect": self.expect,
            "output": self.output, "errors": self.errors, "after": self.after, "limits": self.limits,
            "stdin": None if self.stdin is None else base64.b64encode(self.stdin).decode(),
            "regular": sorted(regular),
            "special": {p: [c.kind, c.target] for p, c in self.files.items() if p not in regular},
        }
        record.update(more)
        with open(os.path.join(folder, "case.json"), "w", encoding="ascii") as file:
            json.dump(record, file, indent=1)
            file.write("\n")

    @staticmethod
    def load(folder):
        with open(os.path.join(folder, "case.json"), encoding="ascii") as file:
            record = json.load(file)
        files = {p: Special(kind, target) for p, (kind, target) in record["special"].items()}
        for path in record["regular"]:
            with open(os.path.join(folder, "files", path), "rb") as file:
                files[path] = file.read()
        stdin = record["stdin"]
        return Case(
            record["argv"], files, None if stdin is None else base64.b64decode(stdin),
            record["why"], record["expect"], output=record["output"], errors=record["errors"],
            after=record["after"], **record["limits"])


def _shell_character(c):
    if c in "\\'":
        return "\\" + c
    if c.isprintable():
        return c
    code = ord(c)
    return f"\\x{code:02x}" if code < 128 else f"\\U{code:08x}"

"""Runs cases and says what is wrong with how they ended, without knowing the right answer."""

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import unicodedata

EXIT_CODES = {
    "gate": {0, 1, 2, 3, 4, 5, 64}, "compare": {0, 1, 5, 64}, "run": {0, 1, 64, 75},
    "baseline review": {0, 1, 2, 64},
}
# These only read: what was there has to stay as it is.
READERS = {"validate", "plan", "compare", "baseline show", "list", "explain", "data verify", "data list"}
MARKS = ["Fatal error", "fatal error", "Illegal instruction", "Stack dump", "NSCocoa", "The operation could",
         "Error Domain", "Segmentation fault", "Optional(", "failed to allocate", "Foundation.", "SwiftError",
         "AddressSanitizer", "EXC_BAD"]
MEMORY_LIMIT = 4 << 30
FILE_LIMIT = 512 << 20
OUTPUT_LIMIT = 64 << 20
# Seconds of processor time and megabytes; `validate` promises 2 s and 200 MB, some slack is for slow machines.
CPU = {"validate": 4, "plan": 6, "run": 40}
RSS = {"validate": 256, "plan": 400}
WALL = 40


class Outcome:
    """How one execution ended."""

    def __init__(self, code, out, err, cpu, rss, killed):
        self.code, self.out, self.err = code, out, err
        self.cpu, self.rss, self.killed = cpu, rss, killed


class Stand:
    """A place to run cases in, one after the other."""

    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.home = tempfile.mkdtemp(prefix="gauntlet-fuzz-")
        self.folder = os.path.join(self.home, "here")
        self.environment = {
            "PATH": "/usr/bin:/bin", "HOME": self.home, "LANG": "C.UTF-8", "TERM": "dumb",
            "SWIFT_BACKTRACE": "enable=no",
        }
        signal.signal(signal.SIGALRM, self._kill)

    @staticmethod
    def limit():
        """Limits of this process, which its children inherit, and SIGHUP as a terminal's end sends it: nohup ignores it."""
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def close(self):
        shutil.rmtree(self.home, ignore_errors=True)

    def _kill(self, *_):
        self.killed = self.number == signal.SIGKILL
        try:
            os.killpg(self.pid, self.number)
        except ProcessLookupError:
            pass
        self.number = signal.SIGKILL
        signal.setitimer(signal.ITIMER_REAL, max(1.0, self.wall))

    def execute(self, argv, stdin=None, wall=WALL, send=None, file_size=None):
        """Runs the program once in the folder."""
        self.wall, self.killed = wall, False
        first, self.number = send if send else (wall, signal.SIGKILL)
        size = (file_size << 20) if file_size else FILE_LIMIT
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        with tempfile.TemporaryFile(dir=self.home) as out, tempfile.TemporaryFile(dir=self.home) as err, \
                tempfile.TemporaryFile(dir=self.home) as source:
            source.write(stdin or b"")
            source.seek(0)
            try:
                process = subprocess.Popen(
                    [self.program] + argv, cwd=self.folder, env=self.environment, start_new_session=True,
                    stdin=source if stdin is not None else subprocess.DEVNULL, stdout=out, stderr=err)
            except (OSError, ValueError) as error:  # Arguments that no program can be given.
                return Outcome(None, b"", str(error).encode(), 0, 0, False)
            self.pid = process.pid
            signal.setitimer(signal.ITIMER_REAL, first)
            _, status, usage = os.wait4(process.pid, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            return Outcome(process.returncode, out.read(OUTPUT_LIMIT), err.read(OUTPUT_LIMIT),
                           usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, self.killed)

    def lay_out(self, case):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.mkdir(self.folder)
        case.write(self.folder)

    def contents(self):
        """What is in the folder: sizes, links and times of change."""
        found = {}
        for folder, folders, files in os.walk(self.folder):
            for name in folders + files:
                path = os.path.join(folder, name)
                status = os.lstat(path)
                found[os.path.relpath(path, self.folder)] = (status.st_mode, status.st_size, status.st_mtime_ns
                                                             if name in files else 0)
        return found

    def problems(self, case):
        """Runs a case and returns what is wrong, as (kind, text), with the outcome."""
        self.lay_out(case)
        before = self.contents()
        limits = case.limits
        outcome = self.execute(case.argv, case.stdin, limits.get("wall", WALL), limits.get("signal"),
                               limits.get("file_size"))
        if outcome.code is None:
            return [], outcome
        found = list(judge(case, outcome))
        after = self.contents()
        found += self._leftovers(case, outcome, before, after)
        if not found and outcome.code == 0:
            for argv, codes in case.after:
                again = self.execute(argv)
                if again.code not in codes:
                    text = again.err.decode("utf-8", "replace")
                    found.append(("then", f"'{' '.join(argv)}' ended with {again.code}: {text[:300]}"))
                    break
        return found, outcome

    def _leftovers(self, case, outcome, before, after):
        if outcome.killed:
            return
        for path in after:
            if path not in before and (".partial" in path or path.endswith((".tmp", ".new"))):
                yield "leftover", f"left {path} behind"
        changed = [p for p in set(before) | set(after) if before.get(p) != after.get(p)]
        if case.command in READERS and changed:
            yield "wrote", f"changed {sorted(changed)[:5]}, although it only reads"
        if outcome.code in (1, 64) and case.command in ("aggregate", "craft", "baseline make", "merge") and changed:
            yield "half", f"failed, and changed {sorted(changed)[:5]}"


def judge(case, outcome):
    """What is wrong with an outcome."""
    command = case.command
    code, err = outcome.code, outcome.err.decode("utf-8", "replace")
    limits = case.limits
    # What is asked for may take longer than anybody waits here, if it takes no memory and does not crash.
    if outcome.killed and limits.get("endless"):
        if outcome.rss > limits.get("rss", 2_000):
            yield "memory", f"{outcome.rss:.0f} MB after {limits.get('wall', WALL)} s"
        return
    if outcome.killed:
        blocked = "blocked" if outcome.cpu < 1 else "busy"
        yield "hang", f"{blocked}: no answer in {limits.get('wall', WALL)} s ({outcome.cpu:.1f} s of processor time)"
        return
    if code < 0 or code >= 128:
        number = -code if code < 0 else code - 128
        yield "signal", f"ended by signal {number}: {err[-300:]}"
        return
    allowed = case.expect if case.expect is not None else sorted(EXIT_CODES.get(command, {0, 1, 64}))
    if code not in allowed:
        yield "code", f"exit code {code}, allowed are {allowed}: {err[:300]}"
    said = err.strip() or (command in ("gate", "compare") and code in (2, 3, 4, 5) and outcome.out.strip())
    if code != 0 and not said:
        yield "silent", f"exit code {code} without a message"
    for mark in MARKS:
        if mark in err:
            yield "words", f"'{mark}' in: {err[:400]}"
            break
    for name, data in (("error", outcome.err), ("output", outcome.out)):
        if name == "output" and is_binary(case):
            continue
        try:
            text = data[:OUTPUT_LIMIT // 2].decode()
        except UnicodeDecodeError as error:
            if error.end < len(data[:OUTPUT_LIMIT // 2]) - 4:
                yield "utf8", f"standard {name} is not UTF-8: {data[max(0, error.start - 30):error.end + 30]!r}"
            continue
        drawn = "\r\x1b" if "bar" in case.argv or "always" in case.argv else ""
        bad = next((c for c in text if is_control(c) and c not in drawn), None)
        if bad is not None:
            at = text.index(bad)
            yield "control", f"U+{ord(bad):04X} on standard {name}: {text[max(0, at - 60):at + 30]!r}"
    longest = max(map(len, err.split("\n")), default=0)
    if longest > 5_000:
        yield "long", f"a line of {longest} characters on standard error: {err[:120]}…"
    cpu, rss = limits.get("cpu", CPU.get(command, 10)), limits.get("rss", RSS.get(command, 2_000))
    if outcome.cpu > cpu:
        yield "slow", f"{outcome.cpu:.1f} s of processor time, more than {cpu} s"
    if outcome.rss > rss:
        yield "memory", f"{outcome.rss:.0f} MB, more than {rss} MB"
    if case.output is not None and code == 0 and case.output not in outcome.out.decode("utf-8", "replace"):
        yield "answer", f"expected '{case.output}' in: {outcome.out[:300].decode('utf-8', 'replace')}"
    missing = [word for word in case.errors if word not in err]
    if missing:
        yield "answer", f"expected {missing} in: {err[:300]}"
    if code in (0, 2, 3, 4, 5) and "json" in case.argv and "--format" in case.argv and outcome.out:
        try:
            json.loads(outcome.out, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))
        except (ValueError, RecursionError) as error:
            yield "json", f"--format json is no JSON: {error}"


def is_binary(case):
    return case.command in ("aggregate", "craft") and "-" in case.argv


def is_control(c):
    """Control and bidirectional characters, which a terminal obeys; line feed and tab are text."""
    if c in "\n\t":
        return False
    code = ord(c)
    return unicodedata.category(c) == "Cc" or code in (0x200E, 0x200F, 0x061C) or 0x202A <= code <= 0x202E \
        or 0x2066 <= code <= 0x2069


def signature(case, kind, text):
    """What makes two findings the same, roughly."""
    text = re.sub(r"\$?'[^']*'|[\d.eE+-]*\d+", "#", text)
    return f"{case.command} | {kind} | {text[:90]}"

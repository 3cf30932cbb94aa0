#!/usr/bin/env python3
"""Fuzzes the built program: odd scenarios, results, baselines, claims, matrices, data and arguments.

It never knows the right answer. It knows that the exit code is a documented one, that a failure says
why, that nothing crashes, hangs, takes a lot of memory or writes control characters, that commands
which only read leave files alone, and that a few values cannot be right. The cases of `scripted.py`
come first; they do know the answer. Every case follows from the seed and its number. Python's
standard library is enough.

    python3 Tests/Fuzz/fuzz.py --program .build/release/gauntlet --executions 20000
    python3 Tests/Fuzz/fuzz.py --program .build/release/gauntlet --replay results/fuzz
"""

import argparse
import collections
import multiprocessing
import os
import queue
import shutil
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.setrecursionlimit(30_000)

from cases import Case  # noqa: E402
from corpus import Corpus  # noqa: E402
from generate import Generator  # noqa: E402
from oracle import Stand, signature  # noqa: E402
from scripted import scripted_cases  # noqa: E402

# How many findings of a kind are kept.
KEPT = 3


def work(options, corpus, counter, results):
    """One worker: takes the numbers of cases until there are no more."""
    Stand.limit()
    stand = Stand(options.program)
    try:
        scripted = scripted_cases(corpus) if options.scripted != "no" else []
        generator = Generator(corpus, options.seed)
        while True:
            with counter.get_lock():
                number = counter.value
                counter.value += 1
            if number < len(scripted):
                name, case = scripted[number]
            else:
                index = number - len(scripted) + options.first
                if options.scripted == "only" or index >= options.first + options.executions:
                    break
                if time.time() > options.end:
                    break
                name, case = f"{options.seed}-{index}", generator.case(index)
            problems, outcome = stand.problems(case)
            if problems:
                keep(options.output, name, case, problems, outcome, options.seed)
            results.put((name, case.command, outcome.code, problems))
    except KeyboardInterrupt:
        pass
    finally:
        results.put(None)
        stand.close()


def keep(folder, name, case, problems, outcome, seed):
    case.save(os.path.join(folder, name), seed=seed, code=outcome.code, problems=problems,
              stderr=outcome.err[:4_000].decode("utf-8", "replace"))


def report(name, case, problems):
    for kind, text in problems:
        print(f"{name}: {kind}: {printable(text)[:600]}")
    print(f"    {case.shell()[:400]}")
    if case.why:
        print(f"    mutations: {printable(case.why)[:200]}")


def printable(text):
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{{{ord(c):x}}}" for c in str(text))


def fuzz(options):
    stand = Stand(options.program)
    corpus = Corpus(stand)
    stand.close()
    os.makedirs(options.output, exist_ok=True)
    counter, results = multiprocessing.Value("q", 0), multiprocessing.Queue()
    started = time.time()
    options.end = started + options.seconds
    workers = [multiprocessing.Process(target=work, args=(options, corpus, counter, results))
               for _ in range(options.jobs)]
    for worker in workers:
        worker.start()
    running, done, codes, found = len(workers), 0, collections.Counter(), collections.Counter()
    shown, last = collections.Counter(), started
    while running:
        try:
            item = results.get(timeout=5)
        except queue.Empty:
            if not any(w.is_alive() for w in workers):
                print("fuzz: a worker died", file=sys.stderr)
                return 1
            continue
        if item is None:
            running -= 1
            continue
        name, command, code, problems = item
        done += 1
        codes[command, code] += 1
        if problems:
            case = Case.load(os.path.join(options.output, name))
            keys = {signature(case, kind, text) for kind, text in problems}
            found.update(keys)
            if all(found[k] > KEPT for k in keys):
                shutil.rmtree(os.path.join(options.output, name))
            else:
                report(name, case, problems)
        if time.time() - last > 30:
            last = time.time()
            print(f"fuzz: {done} executions, {sum(found.values())} findings, {last - started:.0f} s",
                  file=sys.stderr, flush=True)
    for worker in workers:
        worker.join()
    return summary(options, done, codes, found, time.time() - started)


def summary(options, done, codes, found, seconds):
    if options.verbose:
        for (command, code), count in sorted(codes.items(), key=str):
            print(f"{count:7}  {command or '(none)'}: {code}")
    if found:
        print("\nkinds of findings")
        for key, count in found.most_common():
            print(f"{count:7}  {printable(key)}")
    print(f"fuzz: seed {options.seed}, {done} executions in {seconds:.0f} s, {sum(found.values())} findings of "
          f"{len(found)} kinds" + (f", inputs in {options.output}" if found else ""))
    return 1 if found else 0


def replay(options):
    """Runs kept cases again: a folder of one, or one with several."""
    Stand.limit()
    folders = [options.replay] if os.path.exists(os.path.join(options.replay, "case.json")) else [
        os.path.join(options.replay, n) for n in sorted(os.listdir(options.replay))
        if os.path.exists(os.path.join(options.replay, n, "case.json"))]
    if not folders:
        print(f"fuzz: no case.json in {options.replay}", file=sys.stderr)
        return 1
    stand, bad = Stand(options.program), 0
    for folder in folders:
        case = Case.load(folder)
        problems, outcome = stand.problems(case)
        bad += bool(problems)
        if problems:
            report(folder, case, problems)
        elif options.verbose or len(folders) == 1:
            print(f"{folder}: exit code {outcome.code}, nothing wrong\n    {case.shell()[:400]}")
            print("    " + printable(outcome.err[:2_000].decode("utf-8", "replace")))
    stand.close()
    print(f"fuzz: {bad} of {len(folders)} still go wrong")
    return 1 if bad else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=".build/release/gauntlet", help="the program (%(default)s)")
    parser.add_argument("--executions", type=int, default=20_000, metavar="N", help="generated cases (%(default)s)")
    parser.add_argument("--seconds", type=float, default=86_400, metavar="S", help="begin no case after this time")
    parser.add_argument("--seed", type=int, default=1, metavar="K", help="decides all cases (%(default)s)")
    parser.add_argument("--first", type=int, default=0, metavar="I", help="the number of the first generated case")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="J", help="cases at a time")
    parser.add_argument("--output", default="results/fuzz", metavar="FOLDER", help="keeps the inputs of findings (%(default)s)")
    parser.add_argument("--scripted", choices=["yes", "no", "only"], default="yes", help="the cases with known answers")
    parser.add_argument("--replay", metavar="FOLDER", help="run kept cases again")
    parser.add_argument("--verbose", action="store_true", help="count exit codes per command")
    options = parser.parse_args()
    if not os.access(options.program, os.X_OK):
        parser.error(f"{options.program} is no program; --program names it")
    return replay(options) if options.replay else fuzz(options)


if __name__ == "__main__":
    sys.exit(main())

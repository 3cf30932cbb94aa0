#!/usr/bin/env python3
"""Opens pages of ours in a headless Chromium, and uses them as a reader would. Every fault is one line; ends with 1 if there
is any."""

import argparse
import sys
import time
from pathlib import Path

import board
import colors
import injection
import keyboard
import layout
import loading
import media
import structure
import tables
from session import WIDTHS, Findings, Session, page_url


PARTS = ["loading", "layout", "colors", "keyboard", "structure", "theme", "sorting", "filters", "downloads", "address", "plain",
         "paper"]
VIEWS = [(width, scheme) for width in WIDTHS for scheme in ["light", "dark"]]


def check_page(findings, session, name, path, parts=PARTS, views=VIEWS, screenshots=None, limit=loading.LIMIT_SECONDS):
    """The named checks of a page in the named views, the last of which in light is where it is used; all, if left out."""
    url = page_url(path)
    folder = Path(path) if Path(path).is_dir() else None
    times = []
    for width, scheme in views:
        where = f"{name} at {width} px, {scheme}"
        context = session.context(width, scheme)
        watched = session.open(context, url)
        if "loading" in parts:
            loading.check(findings, watched, where)
            times.append(loading.seconds(watched))
        if "keyboard" in parts and scheme == "light":
            keyboard.check(findings, watched, where)
        session.reveal(watched)
        if "layout" in parts:
            layout.check(findings, watched, where)
        if "colors" in parts:
            colors.check(findings, watched, where, scheme)
        if screenshots:
            take_pictures(watched.page, screenshots, f"{name}-{width}-{scheme}")
        if (width, scheme) == max(views):
            use_page(findings, session, watched, url, where, folder, parts)
        watched.report(findings, where)
        context.close()
    if times:
        loading.check_times(findings, times, name, limit)
    if "layout" in parts:
        layout.check_widths(findings, session, url, name)
    if "plain" in parts:
        media.check_without_scripts(findings, session, url, f"{name} without scripts")
    if "paper" in parts:
        media.check_print(findings, session, url, f"{name} on paper", screenshots, name)


def use_page(findings, session, watched, url, where, folder, parts):
    """What is the same in all views, and is checked in one."""
    if "structure" in parts:
        structure.check(findings, watched, where)
    if "theme" in parts:
        colors.check_theme_button(findings, watched, where)
    if {"sorting", "filters", "downloads", "address"} & set(parts):
        tables.check(findings, session, watched, url, where, folder, parts)


def take_pictures(page, folder, name):
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    page.screenshot(path=str(folder / f"{name}.png"), caret="initial")
    page.screenshot(path=str(folder / f"{name}-whole.png"), caret="initial", full_page=True)


def check_hostile(findings, session, name, path, widths=WIDTHS):
    for width in widths:
        where = f"{name} at {width} px"
        context = session.context(width)
        watched = session.open(context, page_url(path))
        loading.check(findings, watched, where)
        # What is closed has texts, too.
        watched.page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
        injection.check(findings, watched, where)
        session.reveal(watched)
        layout.check(findings, watched, where)
        watched.report(findings, where)
        context.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", type=Path, action="append", default=[], help="a folder of gauntlet report")
    parser.add_argument("--leaderboard", type=Path, action="append", default=[], help="a folder of gauntlet leaderboard build")
    parser.add_argument("--page", type=Path, action="append", default=[], help="any other page of ours")
    parser.add_argument("--hostile", type=Path, action="append", default=[], help="a page made from hostile names")
    parser.add_argument("--only", choices=PARTS, action="append", help="only these checks")
    parser.add_argument("--open-within", type=float, default=loading.LIMIT_SECONDS, metavar="SECONDS",
                        help="how long a page may take to open")
    parser.add_argument("--screenshots", type=Path, help="where pictures of every view go")
    options = parser.parse_args()
    pages = [(kind, path) for kind in ["report", "leaderboard", "page"] for path in getattr(options, kind)]
    if not pages and not options.hostile:
        parser.error("there is nothing to check")
    if options.screenshots:
        options.screenshots.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    findings = Findings()
    with Session() as session:
        for kind, path in pages:
            name = kind if len(getattr(options, kind)) == 1 else f"{kind} {path.name}"
            check_page(findings, session, name, path, options.only or PARTS, screenshots=options.screenshots, limit=options.open_within)
            if kind == "leaderboard" and not options.only:
                board.check(findings, session, name, page_url(path))
        for path in options.hostile:
            check_hostile(findings, session, f"hostile {path.name}", path)
    for line in findings.notes + list(findings.told()):
        print(line)
    print(f"browser: {len(pages) + len(options.hostile)} pages, {findings.checks} checks, {len(findings.lines)} faults,"
          f" {time.monotonic() - start:.0f} s")
    sys.exit(1 if findings.lines else 0)


if __name__ == "__main__":
    main()

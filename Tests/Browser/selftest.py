#!/usr/bin/env python3
"""The checks check: samples/page.html passes them all, and each fault that is planted into it is told."""

import base64
import hashlib
import sys
import tempfile
from pathlib import Path

from check import PARTS, VIEWS, check_hostile, check_page
from session import Findings, Session

SAMPLE = (Path(__file__).parent / "samples" / "page.html").read_text(encoding="utf-8")

# Whose check, what it is, what is replaced by what, and a part of the line that must be told; None for no line at all.
PLANTED = [
    ("loading", "a picture of another site", "<h1>", '<img alt="" src="https://example.org/a.png"><h1>', "asks for https://example.org/a.png"),
    ("loading", "a font beside the page", "body{margin", "@font-face{font-family:x;src:url(x.woff)}body{font-family:x;margin", "policy stopped"),
    ("loading", "a complaint", "read();\n})", "read();\nconsole.warn('odd');\n})", "console: warning: odd"),
    ("loading", "an exception", "read();\n})", "read();\nnothing.there();\n})", "nothing is not defined"),
    ("loading", "no policy", '<meta http-equiv="Content-Security-Policy" content="POLICY">', "", "not default-src 'none'"),
    ("loading", "scripts as data", "POLICY", "POLICY; frame-src data:", "frame-src allows data:"),
    ("loading", "a lax policy", "POLICY", "POLICY; img-src https:", "img-src allows https:"),
    ("structure", "a style attribute", "<h1>", '<h1 style="color:red">', "has a style attribute"),
    ("structure", "an inline handler", "<h1>", '<h1 onclick="x()">', "inline handler onclick"),
    ("structure", "an id twice", '<section id="details">', '<section id="board">', "the id board is there 2 times"),
    ("structure", "a dead link", 'href="#details"', 'href="#nowhere"', "the link #nowhere has no target"),
    ("structure", "a file that is not there", 'href="#details"', 'href="scores.csv"', "leads to no file"),
    ("structure", "a skipped level", "<h2>Details</h2>", "<h4>Details</h4>", "is an h4 after an h2"),
    ("structure", "a field without label", "<label>Search <input type=\"search\" name=\"q\" placeholder=\"defense\"></label>", "<input type=\"search\" name=\"q\">", "a searchbox has no name"),
    ("structure", "a drawing without name", ' aria-label="Accuracy over rounds"', "", "has no name"),
    ("structure", "a table without name", "<details>", '<table><tr><th scope="col">x</th><th scope="col">y</th></tr><tr><td>1</td><td>2</td></tr></table><details>', "a table has no name"),
    ("structure", "an element that stays open", "<details>", "<div><details>", "inside div"),
    ("layout", "a wide text", "<h1>", "<h1><code>" + "wide" * 200 + "</code>", "scrolls sideways"),
    ("layout", "a wide table", '<div class="scroll" tabindex="0" role="region" aria-label="Scores of defenses">', "<div>", "scrolls sideways"),
    ("layout", "a word that escapes its scroller", "a{color:inherit}", "a{color:inherit}table{width:90rem}caption::after{content:'x';position:absolute;left:95rem}", "scrolls sideways"),
    ("layout", "too wide at one width only", "a{color:inherit}", "a{color:inherit}@media (min-width:760px) and (max-width:800px){h1{width:60rem}}", "768 px: the page scrolls sideways"),
    ("layout", "a cut text", "a{color:inherit}", "a{color:inherit}h2{height:1rem;overflow:hidden}", "is cut off"),
    ("layout", "headings over one another", "a{color:inherit}", "a{color:inherit}h2{margin:0;margin-bottom:-1.5rem}", "overlap"),
    ("layout", "labels over one another", 'x="200" y="60"', 'x="12" y="60"', 'writes "60" over "0"'),
    ("layout", "tiny letters", "svg{max-width:100%}", "svg{width:150px}", "has letters of 6.0 px"),
    ("layout", "a wide caption", "td,th{padding:.3rem .8rem", "caption{white-space:nowrap}caption::after{content:none}table{min-width:80rem}caption{text-align:right}td,th{padding:.3rem .8rem", "is read only by scrolling"),
    ("layout", "a label outside", 'x="200" y="60"', 'x="295" y="60"', 'cuts "60"'),
    ("colors", "pale text", "a{color:inherit}", "a{color:#999}", "contrast 2."),
    ("colors", "pale in the dark", "--text:#eee;--page:#111;color-scheme:dark}}", "--text:#555;--page:#111;color-scheme:dark}}", "1440 px, dark: contrast"),
    ("colors", "pale in a drawing", 'fill="#205"', 'fill="#ddd"', "contrast"),
    ("colors", "a pale placeholder", "a{color:inherit}", "a{color:inherit}form input::placeholder{color:#ccc}", "of \"defense\" in"),
    ("colors", "a color that is none", "<h1>", '<span class="swatch">x</span><h1>', "has none: class swatch"),
    ("colors", "no dark colors", "@media (prefers-color-scheme:dark)", "@media (prefers-color-scheme:purple)", "the page is not dark"),
    ("paper", "dark on paper", "@media screen{", "@media all{", "on paper: the page is not light"),
    ("theme", "colors forgotten", 'localStorage.setItem("theme", name);', "", "forgets the chosen colors"),
    ("keyboard", "an invisible focus", ":focus-visible{outline:2px solid var(--text)}", "*{outline:none!important}", "has the focus"),
    ("keyboard", "out of order", '<select name="tier"', '<select tabindex="3" name="tier"', "out of order"),
    ("keyboard", "a link beyond Tab", '<a href="#details">', '<a href="#details" id="beyond">', None),
    ("keyboard", "not reached", 'group.querySelector("p.tools").append(save);', 'group.querySelector("p.tools").append(save); addEventListener("keydown", (e) => { if (e.key === "Tab" && document.activeElement.tagName === "SELECT") { save.focus(); table.querySelector("button").focus(); } });', "Tab does not reach"),
    ("keyboard", "a skip link to nothing", '<a class="skip" href="#main">Skip to the content</a>', "", "no link that skips"),
    ("sorting", "sorted as texts", "numeric(a) && numeric(b) ? sign * (a - b)", "false ? 0", "are out of order"),
    ("sorting", "missing first", '(a === "") - (b === "")', '(b === "") - (a === "")', "missing values are not last"),
    ("sorting", "never descending", 'sorting === "+" + id ? "-" + id : sorting === "-" + id ? ""', 'sorting === "+" + id ? ""', "gives aria-sort"),
    ("sorting", "aria-sort the wrong way", 'sign < 0 ? "descending" : "ascending"', 'sign > 0 ? "descending" : "ascending"', "are out of order"),
    ("sorting", "shown otherwise than sorted", 'data-v="0.5432">0.543!', 'data-v="0.5432">0.534!', "and is sorted as 0.5432"),
    ("filters", "a count that stands still", 'rows.filter((row) => !row.hidden).length + " of "', 'rows.length + " of "', "and the count says"),
    ("filters", "a silent count", ' role="status"', "", "is not read out"),
    ("filters", "a filter that does nothing", "row.hidden = !controls.every", "row.hidden = false && controls.every", "shows other rows"),
    ("address", "no state in the address", 'history.replaceState(null, "", state.size', 'history.replaceState(null, "", false', "no trace in the address"),
    ("address", "a state that is not read", 'sorting = state.get("sort") ?? "";', 'sorting = "";', "opened again, shows other rows"),
    ("address", "a state lost on the way back", 'addEventListener("hashchange", () => { if (location.hash.includes("=")) read(); });', 'addEventListener("hashchange", () => { sorting = ""; show(); });', "the way back from a link shows"),
    ("address", "an address that is believed", "const state = parameters();\n  sorting", "decodeURIComponent(location.hash);\n  const state = parameters();\n  sorting", "URI malformed"),
    ("downloads", "a formula in the file", "row.map(guard)", "row", "has a formula"),
    ("downloads", "a file of other values", "[...row.cells].map(raw)))", "[...row.cells].map((cell) => cell.textContent)))", "where the table says"),
    ("downloads", "a file of hidden rows", '.filter((row) => !row.hidden).map((row) => [...row.cells]', '.map((row) => [...row.cells]', "with a search: scores.csv has 5 rows"),
    ("downloads", "a file of fewer rows", '.filter((row) => !row.hidden).map((row) => [...row.cells]', '.slice(1).map((row) => [...row.cells]', "and the table shows"),
    ("plain", "a table that needs scripts", '<div class="scroll"', '<div hidden="" class="scroll"', "cannot be seen without scripts"),
    ("plain", "controls without scripts", '<form class="filters" hidden="">', '<form class="filters">', "does nothing without scripts"),
    ("paper", "closed on paper", "details.open = true", "details.open = false", "stay closed on paper"),
    ("paper", "controls on paper", "@media print{form,.tools,", "@media print{", "is printed"),
    ("structure", "a language missing", '<html lang="en">', "<html>", "html has no lang"),
]

HOSTILE = [
    ("hostile text, escaped", "&lt;script&gt;window.__owned=1&lt;/script&gt;", None),
    ("a name that is an element", "&lt;script&gt;<b class=injected>x</b>", "became an element"),
    ("a name that turns text around", "&lt;script&gt;\u202egnp.exe", "turn the writing around"),
    ("a name that is a script", "&lt;script&gt;<script>window.__owned=1</script>", "2 scripts"),
]


def between(text, start, end):
    return text.partition(start)[2].partition(end)[0]


def with_policy(page):
    def digest(part):
        return "'sha256-" + base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() + "'"

    style, script = between(page, "<style>", "</style>"), between(page, "<script>\n(()", "</script>")
    policy = f"default-src 'none'; style-src {digest(style)}; script-src {digest(chr(10) + '(()' + script)}; base-uri 'none'; form-action 'none'"
    return page.replace("POLICY", policy, 1)


def told(session, folder, page, parts, views=VIEWS):
    """The faults that the checks tell of a page."""
    file = folder / "index.html"
    file.write_text(with_policy(page), encoding="utf-8")
    findings = Findings()
    if parts == ["hostile"]:
        check_hostile(findings, session, "sample", file)
    else:
        check_page(findings, session, "sample", file, parts, views)
    return findings.lines


def views(part, name):
    """The views that a fault shows in; one, to be quick."""
    if part in ("plain", "paper"):
        return []
    return [(390, "light")] if part == "layout" else [(1440, "dark")] if "dark" in name else [(1440, "light")]


def main():
    only = sys.argv[1:]
    wrong = []
    with tempfile.TemporaryDirectory() as scratch, Session() as session:
        folder = Path(scratch)
        lines = told(session, folder, SAMPLE, PARTS)
        wrong += [f"the sample has no fault, and this is told: {line}" for line in lines]
        cases = PLANTED + [("hostile", name, "<h1>", f"<p>{text}</p><h1>", told_as) for name, text, told_as in HOSTILE]
        for part, name, old, new, expected in cases:
            if only and not any(word in name for word in only):
                continue
            if old not in SAMPLE:
                wrong.append(f"{name}: the sample has no {old!r} to replace")
                continue
            lines = told(session, folder, SAMPLE.replace(old, new, 1), [part], views(part, name))
            if expected is None:
                wrong += [f"{name}: nothing is wrong, and this is told: {line}" for line in lines]
            elif not any(expected in line for line in lines):
                wrong.append(f"{name}: {expected!r} is not told, but {lines[:6]}")
    for line in wrong:
        print(line)
    print(f"browser selftest: {len(PLANTED) + len(HOSTILE)} planted faults and a page without any, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()

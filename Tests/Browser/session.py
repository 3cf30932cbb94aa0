"""A headless Chromium, pages that are watched while they load, and the list of what is wrong with them."""

import os
import re
import shutil
from pathlib import Path
from urllib.parse import urldefrag

from playwright.sync_api import sync_playwright

WIDTHS = [390, 1440]
# An init script runs whatever the page's policy says.
WATCH = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.__violations.push(event.violatedDirective + " " + (event.blockedURI || event.sample)));
"""


class Findings:
    """What is wrong, each once, with the page, the view and the place."""

    def __init__(self):
        self.lines = []
        self.notes = []
        self.checks = 0

    def check(self, condition, where, text):
        self.checks += 1
        line = f"{where}: {text}"
        if not condition and line not in self.lines:
            self.lines.append(line)
        return bool(condition)

    def note(self, where, text):
        self.notes.append(f"{where}: {text}")

    def faults(self, texts, where):
        """Each text is a finding; an empty list is a check that passed."""
        self.checks += 1
        for text in texts:
            self.check(False, where, text)


    def told(self, of_a_kind=5):
        """The lines, with no more than a few that differ in places, texts and numbers only."""
        kinds = {}
        for line in self.lines:
            kinds.setdefault(re.sub(r"#\S+|\"[^\"]*\"|\d+", "", line), []).append(line)
        for lines in kinds.values():
            yield from lines[:of_a_kind]
            if len(lines) > of_a_kind:
                yield f"  … and {len(lines) - of_a_kind} more of this kind"


class Watched:
    """A page that records what it asks for and complains about."""

    def __init__(self, page, url):
        self.page = page
        self.url = url
        self.requests = []
        self.complaints = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def report(self, findings, where):
        """Every request but for the page itself, and every complaint, is a finding."""
        own = urldefrag(self.url)[0]
        for url in self.requests:
            is_own = urldefrag(url)[0] == own or url.startswith("blob:file:")
            findings.check(is_own, where, f"asks for {url[:200]}")
        for text in self.complaints:
            findings.check(False, where, f"console: {text[:300]}")
        for text in self.page.evaluate("window.__violations ?? []"):
            findings.check(False, where, f"the policy stopped {text[:200]}")
        findings.check(self.requests, where, "the page asked for nothing, not even itself")
        self.requests, self.complaints = [own], []


class Session:
    """`with Session() as session`: one browser for all pages."""

    def __init__(self, program=None):
        self.program = program or os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

    def __enter__(self):
        if not self.program:
            raise SystemExit("there is no Chromium; install it (apt-get install chromium) or name it in CHROMIUM")
        self._playwright = sync_playwright().start()
        # Root in a container has no sandbox; the pages are our own.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.browser = self._playwright.chromium.launch(executable_path=self.program, args=arguments)
        return self

    def __exit__(self, *_):
        self.browser.close()
        self._playwright.stop()

    def reveal(self, watched):
        """Lays out what the page leaves for later, as it is measured and named only then."""
        watched.page.evaluate("""() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("*{content-visibility:visible!important}");
          document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        }""")

    def context(self, width=1440, scheme="light", scripts=True):
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts,
            accept_downloads=True, locale="en-US")
        context.set_default_timeout(30_000)
        context.add_init_script(WATCH)
        # Nothing may leave; requests are recorded all the same.
        context.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
        return context

    def open(self, context, url):
        watched = Watched(context.new_page(), url)
        watched.page.goto(url, wait_until="load")
        return watched


def page_url(path):
    """The address of a page, or of the index.html of a folder."""
    path = Path(path).resolve()
    return (path / "index.html" if path.is_dir() else path).as_uri()

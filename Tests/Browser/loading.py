"""What a page says about itself when it opens: its policy, requests, complaints and time."""

import re

# Of pages on machines of CI, which are slow.
LIMIT_SECONDS = 10.0


def check(findings, watched, where):
    page = watched.page
    page.wait_for_timeout(100)
    watched.report(findings, where)
    policy = page.evaluate(
        "document.querySelector('meta[http-equiv=Content-Security-Policy i]')?.content ?? ''")
    rules = {}
    for part in filter(None, (part.split() for part in policy.split(";"))):
        rules[part[0]] = part[1:]
    findings.check(rules.get("default-src") == ["'none'"], where, f"the policy is not default-src 'none': {policy[:200]!r}")
    for name, sources in rules.items():
        for source in sources:
            # Pictures are in the page itself.
            known = (name, source) == ("img-src", "data:") or source == "'none'" or re.fullmatch(r"'sha(256|384|512)-[A-Za-z0-9+/=]+'", source)
            findings.check(known, where, f"the policy's {name} allows {source}")
    first = page.evaluate("""() => {
      const policy = document.querySelector('meta[http-equiv=Content-Security-Policy i]');
      const early = document.querySelector('script, style, link, img');
      return !policy || !early || !!(policy.compareDocumentPosition(early) & Node.DOCUMENT_POSITION_FOLLOWING);
    }""")
    findings.check(first, where, "something stands before the policy, which does not hold for it")


def seconds(watched):
    """From the start of navigation until the page is loaded and was painted."""
    return watched.page.evaluate("""async () => {
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const load = performance.getEntriesByType("navigation")[0].loadEventEnd;
      const paints = performance.getEntriesByType("paint").map((paint) => paint.startTime);
      return Math.max(load, ...paints) / 1000;
    }""")


def check_times(findings, times, where, limit=LIMIT_SECONDS):
    """Notes the times; fails where the shortest is beyond the limit."""
    findings.note(where, "opened in " + ", ".join(f"{time:.2f}" for time in times) + " s")
    findings.check(min(times) < limit, where, f"takes {min(times):.2f} s to open, and {limit:g} s are allowed")

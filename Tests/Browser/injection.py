"""Names of anybody stay text: on a page of hostile names no script ran and no element of theirs is there."""

# What hostile.py writes into names.
MARKS = ["owned", "injected"]


def check(findings, watched, where):
    page = watched.page
    result = page.evaluate(r"""() => ({
      ran: typeof window.__owned !== "undefined" || /owned/.test(document.title) && !/<script>/.test(document.title),
      elements: [...document.querySelectorAll(".injected, #injected, img, iframe, object, embed, link, base, form[action], body script[src]")]
        .map((e) => e.outerHTML.slice(0, 120)),
      scripts: document.scripts.length,
      comments: document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT).nextNode()?.data.slice(0, 80) ?? null,
      directions: (document.body.textContent.match(/[\u202a-\u202e\u2066-\u2069]/g) ?? []).length,
      controls: (document.body.textContent.match(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g) ?? []).length,
      told: document.body.textContent.includes("<script>"),
    })""")
    findings.check(not result["ran"], where, "a script from a name ran")
    for element in result["elements"]:
        findings.check(False, where, f"a name became an element: {element}")
    findings.check(result["scripts"] <= 1, where, f"there are {result['scripts']} scripts")
    findings.check(result["comments"] is None, where, f"a name became a comment: {result['comments']}")
    findings.check(result["directions"] == 0, where, f"{result['directions']} characters that turn the writing around stand raw")
    findings.check(result["controls"] == 0, where, f"{result['controls']} control characters stand raw")
    findings.check(result["told"], where, "the hostile names are not on the page as text")

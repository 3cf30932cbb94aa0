"""The page without scripts, and on paper: everything that it says is there."""

# Tables, drawings and texts that are neither in a closed details nor hidden; and those that are hidden.
CONTENT = r"""() => {
  const controls = (e) => e.closest("form, p.tools, .tools, button, noscript, template, dialog");
  const closed = (e) => e.closest("details:not([open])") && !e.closest("summary");
  const hidden = [], shown = { tables: 0, drawings: 0, text: 0 };
  for (const e of document.querySelectorAll("table, svg, section, h1, h2, h3, h4, p, dd, pre, figure")) {
    if (controls(e) || closed(e) || (e.parentElement.closest("svg"))) continue;
    const visible = e.checkVisibility({ checkVisibilityCSS: true, contentVisibilityAuto: false }) && e.getClientRects().length > 0;
    if (!visible) hidden.push(e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + " in #" + (e.parentElement.closest("[id]")?.id ?? ""));
    else if (e.tagName === "TABLE") shown.tables++;
    else if (e.tagName === "svg") shown.drawings++;
    else if (/^(P|DD|H\d|PRE)$/.test(e.tagName)) shown.text++;
  }
  return { hidden, shown };
}"""


def check_without_scripts(findings, session, url, where):
    context = session.context(scripts=False)
    watched = session.open(context, url)
    content = watched.page.evaluate(CONTENT)
    for name in content["hidden"][:5]:
        findings.check(False, where, f"{name} cannot be seen without scripts")
    findings.check(content["shown"]["text"] > 0, where, "there is no text without scripts")
    dead = watched.page.evaluate("""() => [...document.querySelectorAll("button, form")]
      .filter((e) => e.checkVisibility()).map((e) => e.tagName.toLowerCase() + " " + e.textContent.trim().slice(0, 40)).slice(0, 5)""")
    for name in dead:
        findings.check(False, where, f"{name}: does nothing without scripts, and is shown")
    watched.report(findings, where)
    context.close()
    return content["shown"]


def check_print(findings, session, url, where, screenshots=None, name="page"):
    from colors import check as check_colors

    context = session.context(scheme="dark")
    watched = session.open(context, url)
    page = watched.page
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    content = page.evaluate(CONTENT)
    panels = page.evaluate("[...document.querySelectorAll('[data-panels] option')].map((o) => o.value)")
    for place in content["hidden"][:5]:
        if not any(f"#{panel}" in place for panel in panels):
            findings.check(False, where, f"{place} is missing on paper")
    closed = page.evaluate("document.querySelectorAll('details:not([open])').length")
    findings.check(closed == 0, where, f"{closed} details stay closed on paper")
    shown = page.evaluate("""() => [...document.querySelectorAll("form, button")]
      .filter((e) => e.checkVisibility() && !e.closest("th")).map((e) => e.textContent.trim().slice(0, 40)).slice(0, 3)""")
    for text in shown:
        findings.check(False, where, f"the control \"{text}\" is printed")
    check_colors(findings, watched, where, "light")
    watched.report(findings, where)
    if screenshots:
        page.pdf(path=str(screenshots / f"{name}.pdf"), format="A4")
    context.close()

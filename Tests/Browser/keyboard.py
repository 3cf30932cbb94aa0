"""Tab goes through everything that can be used, in order, and one sees where one is."""

STOPS = 150

INIT = r"""() => {
  window.__stops = [];
  window.__expected = [...document.querySelectorAll("a[href],button,input,select,textarea,summary,[tabindex='0']")]
    .filter((e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ checkVisibilityCSS: true, contentVisibilityAuto: false }));
}"""

STEP = r"""() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const name = e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + ` "${(e.textContent || e.getAttribute("aria-label") || e.name || "").trim().slice(0, 40)}"`;
  const before = window.__stops.at(-1);
  const inOrder = !before || !!(before.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING);
  const again = window.__stops.includes(e);
  window.__stops.push(e);
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  const shadow = style.boxShadow !== "none";
  const onScreen = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const skip = e.matches("a[href^='#']") && /skip/i.test(e.textContent);
  return { name, inOrder, again, ring: ring || shadow, onScreen, skip };
}"""

MISSED = r"""() => {
  const last = window.__stops.at(-1);
  const reached = new Set(window.__stops);
  return window.__expected
    .filter((e) => e === last || (e.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING))
    .filter((e) => !reached.has(e) && !(e.type === "radio"))
    .map((e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + ` "${(e.textContent || e.name).trim().slice(0, 40)}"`).slice(0, 5);
}"""


def check(findings, watched, where):
    page = watched.page
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    page.evaluate(INIT)
    expected = page.evaluate("window.__expected.length")
    skips = []
    stops = 0
    for index in range(min(STOPS, expected + 40)):
        page.keyboard.press("Tab")
        stop = page.evaluate(STEP)
        if stop is None or stop["again"]:
            if stop:
                page.evaluate("window.__stops.pop()")
            break
        stops += 1
        if stop["skip"]:
            skips.append(index)
        findings.check(stop["inOrder"], where, f"Tab reaches {stop['name']} out of order")
        findings.check(stop["ring"], where, f"one does not see that {stop['name']} has the focus")
        findings.check(stop["onScreen"], where, f"{stop['name']} has the focus outside of the screen")
    if not findings.check(stops > 0, where, "Tab reaches nothing"):
        return
    for name in page.evaluate(MISSED):
        findings.check(False, where, f"Tab does not reach {name}")
    findings.check(skips and skips[0] <= 1, where, "the first stops have no link that skips to the content")
    check_skip_link(findings, page, where)


def check_skip_link(findings, page, where):
    link = page.locator("a[href^='#']").filter(has_text="kip").first
    if not link.count():
        return
    link.focus()
    page.keyboard.press("Enter")
    arrived = page.evaluate("""() => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      return !!target && (target === document.activeElement || target.getBoundingClientRect().top < innerHeight);
    }""")
    findings.check(arrived, where, "the link that skips leads nowhere")
    page.keyboard.press("Tab")
    inside = page.evaluate("""() => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const e = document.activeElement;
      return !target || e === document.body || target.contains(e) || !!(target.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING);
    }""")
    findings.check(inside, where, "after the link that skips, Tab goes back to the top")
    page.evaluate("history.replaceState(null, '', location.pathname)")

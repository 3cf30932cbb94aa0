"""Nothing is cut off or written over at a width, and the page itself never scrolls sideways."""

# Beside those of the views: the narrowest phones, tablets and windows that fill half of a screen or all of a large one.
WIDTHS = [360, 600, 768, 1024, 1200, 1600]

# What makes the page itself wider than its window, and what all probes need.
SIDEWAYS = r"""
  const found = [];
  const name = (e) => (e.tagName.toLowerCase() + (e.id ? "#" + e.id.slice(0, 60) : "") + " in #" + (e.parentElement?.closest("[id]")?.id ?? "").slice(0, 60)
    + ` "${e.textContent.trim().replace(/\s+/g, " ").slice(0, 40)}"`);
  const visible = (e) => e.checkVisibility({ contentVisibilityAuto: false, checkVisibilityCSS: true }) && e.getClientRects().length > 0;
  const width = document.documentElement.clientWidth;
  const scrolls = (e) => {
    let free = getComputedStyle(e).position === "absolute";
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
      const style = getComputedStyle(p);
      // What is placed absolutely leaves scrollers behind up to one that has a position.
      if (free && style.position === "static") continue;
      free = style.position === "absolute";
      if (/auto|scroll/.test(style.overflowX)) return true;
    }
    return false;
  };
  const root = document.scrollingElement;
  if (root.scrollWidth > width + 1) {
    found.push(`the page scrolls sideways: ${root.scrollWidth} px wide in ${width} px`);
    const wide = [...document.body.querySelectorAll("*")].filter((e) => !e.closest("svg *") && visible(e)
      && e.getBoundingClientRect().right > width + 1 && !scrolls(e));
    for (const e of wide.slice(0, 5)) found.push(`${name(e)} reaches ${Math.round(e.getBoundingClientRect().right)} px`);
  }
"""

PROBE = "() => {" + SIDEWAYS + r"""
  const hiddenOnPurpose = (box) => box.width <= 2 || box.height <= 2;
  // Cut text.
  for (const e of document.body.querySelectorAll("*")) {
    if (e instanceof SVGElement || !e.firstChild || !visible(e)) continue;
    const style = getComputedStyle(e);
    if (!/hidden|clip/.test(style.overflowX + style.overflowY) || hiddenOnPurpose(e.getBoundingClientRect())) continue;
    if ((e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1) && e.textContent.trim())
      found.push(`${name(e)} is cut off`);
  }
  // Text over text.
  const boxes = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6,p,caption,dt,dd,summary,label,button,figcaption")]
    .filter((e) => !e.closest("svg") && visible(e) && e.textContent.trim())
    .map((e) => ({ e, box: e.getBoundingClientRect() })).filter(({ box }) => !hiddenOnPurpose(box))
    .sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length && boxes[j].box.top < boxes[i].box.bottom - 3; j++) {
      const [a, b] = [boxes[i], boxes[j]];
      if (a.e.contains(b.e) || b.e.contains(a.e) || scrolls(a.e) !== scrolls(b.e)) continue;
      const floats = [a.e, b.e].some((e) => getComputedStyle(e).float !== "none" || getComputedStyle(e).position === "sticky");
      if (floats) continue;
      if (Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 3)
        found.push(`${name(a.e)} and ${name(b.e)} overlap`);
    }
  // A caption is read where one is, and not by scrolling its table.
  for (const caption of document.querySelectorAll("caption"))
    if (visible(caption) && !hiddenOnPurpose(caption.getBoundingClientRect())) {
      const range = document.createRange();
      range.selectNodeContents(caption);
      if (range.getBoundingClientRect().right > width + 1) found.push(`${name(caption)} is read only by scrolling`);
    }
  for (const { e, box } of boxes)
    if (/^H\d$/.test(e.tagName) && !scrolls(e) && (box.left < -1 || box.right > width + 1)) found.push(`${name(e)} is partly outside`);
  return [...new Set(found)].slice(0, 20);
}"""

# Texts of a drawing: inside it, not over one another, and to be read without a glass.
DRAWINGS = r"""() => {
  const found = [];
  for (const svg of document.querySelectorAll("svg")) {
    if (svg.parentElement.closest("svg") || !svg.checkVisibility()) continue;
    const frame = svg.getBoundingClientRect();
    if (frame.width < 2) continue;
    const where = "the drawing in #" + (svg.closest("[id]")?.id ?? "");
    const texts = [...svg.querySelectorAll("text")].filter((t) => t.textContent.trim() && getComputedStyle(t).visibility === "visible")
      .map((t) => { const m = t.getScreenCTM(); return { t, box: t.getBoundingClientRect(), tilted: Math.abs(m.b) > 1e-6 && Math.abs(m.a) > 1e-6 }; })
      .filter(({ box }) => box.width > 0);
    const small = texts.map(({ t }) => { const m = t.getScreenCTM(); return parseFloat(getComputedStyle(t).fontSize) * Math.hypot(m.a, m.b); });
    if (Math.min(...small) < 8) found.push(`${where} has letters of ${Math.min(...small).toFixed(1)} px`);
    for (const { t, box } of texts)
      if (box.left < frame.left - 2 || box.right > frame.right + 2 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2)
        found.push(`${where} cuts "${t.textContent.trim().slice(0, 40)}"`);
    const straight = texts.filter((text) => !text.tilted).sort((a, b) => a.box.left - b.box.left);
    for (let i = 0; i < straight.length; i++)
      for (let j = i + 1; j < straight.length && straight[j].box.left < straight[i].box.right; j++) {
        const [a, b] = [straight[i].box, straight[j].box];
        const w = Math.min(a.right, b.right) - Math.max(a.left, b.left), h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (w > 1 && h > 1 && w * h > 0.2 * Math.min(a.width * a.height, b.width * b.height))
          found.push(`${where} writes "${straight[j].t.textContent.trim().slice(0, 30)}" over "${straight[i].t.textContent.trim().slice(0, 30)}"`);
      }
  }
  return [...new Set(found)].slice(0, 20);
}"""


def check(findings, watched, where):
    for probe in (PROBE, DRAWINGS):
        findings.faults(watched.page.evaluate(probe), where)


def check_widths(findings, session, url, name):
    """At many widths the page itself does not scroll sideways, whatever its tables do."""
    context = session.context(WIDTHS[0], "light")
    watched = session.open(context, url)
    session.reveal(watched)
    for width in WIDTHS:
        watched.page.set_viewport_size({"width": width, "height": watched.page.viewport_size["height"]})
        findings.faults(watched.page.evaluate("() => {" + SIDEWAYS + " return found; }"), f"{name} at {width} px")
    context.close()

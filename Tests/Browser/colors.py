"""Text stands out from what is behind it, and the page follows the reader's system."""

# The lowest contrast of every pair of colors that text has, by the formula of WCAG 2; drawings too, where the last
# filled rectangle before a text is what is behind it.
PROBE = r"""() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const parse = (color) => {
    if (!known.has(color)) {
      const parts = color.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/);
      if (parts) known.set(color, [1, 2, 3].map((i) => Number(parts[i])).concat(Number(parts[4] ?? 1)));
      else {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        known.set(color, [r, g, b, a / 255]);
      }
    }
    return known.get(color);
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const canvasColor = matchMedia("(prefers-color-scheme: dark)").matches && /dark/.test(getComputedStyle(document.documentElement).colorScheme)
    ? [18, 18, 18, 1] : [255, 255, 255, 1];
  const behind = (e) => {
    const layers = [];
    for (let p = e; p; p = p.parentElement) {
      const color = parse(getComputedStyle(p).backgroundColor);
      if (color[3] > 0) layers.push(color);
      if (color[3] === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), canvasColor);
  };
  const opacity = (e) => { let o = 1; for (let p = e; p; p = p.parentElement) o *= Number(getComputedStyle(p).opacity); return o; };
  const rectangles = new Map();
  const behindDrawn = (text) => {
    const svg = text.ownerSVGElement;
    if (!rectangles.has(svg)) rectangles.set(svg, [...svg.querySelectorAll("rect")].map((r) => ({ r, box: r.getBoundingClientRect(), style: getComputedStyle(r) }))
      .filter(({ style }) => style.fill !== "none" && !style.fill.startsWith("url") && style.visibility === "visible"));
    const box = text.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    let below = behind(svg);
    for (const { r, box: b, style } of rectangles.get(svg)) {
      if (!(r.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
      if (b.left > x || b.right < x || b.top > y || b.bottom < y) continue;
      const fill = [...parse(style.fill)];
      fill[3] *= Number(style.fillOpacity) * opacity(r);
      below = over(fill, below);
    }
    return below;
  };
  const worst = new Map();
  let counted = 0, plain = null;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, e = node.parentElement;
    if (!node.data.trim() || ["SCRIPT", "STYLE", "TITLE", "DESC", "title", "desc", "OPTION"].includes(e.tagName)) continue;
    if (!e.checkVisibility({ checkVisibilityCSS: true })) continue;
    const box = e.getBoundingClientRect();
    if (box.width <= 2 || box.height <= 2) continue;
    const style = getComputedStyle(e);
    const drawn = e instanceof SVGElement;
    const below = drawn ? behindDrawn(e.closest("text") ?? e) : behind(e);
    const own = [...parse(drawn ? style.fill : style.color)];
    own[3] *= opacity(e);
    const ratio = contrast(over(own, below), below);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const needed = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    counted++;
    const key = [own, below].join("|") + needed;
    if (ratio < needed && (!worst.has(key) || worst.get(key).ratio > ratio))
      worst.set(key, { ratio, text: node.data.trim().slice(0, 40), place: e.closest("[id]")?.id ?? "", colors: `rgb(${over(own, below).slice(0, 3).map(Math.round)}) on rgb(${below.slice(0, 3).map(Math.round)})` });
  }
  for (const e of document.querySelectorAll("input[placeholder]")) {
    if (!e.checkVisibility()) continue;
    const style = getComputedStyle(e, "::placeholder"), below = behind(e);
    const own = [...parse(style.color)];
    own[3] *= Number(style.opacity);
    const ratio = contrast(over(own, below), below);
    if (ratio < 4.5) worst.set("placeholder", { ratio, text: e.placeholder.slice(0, 40), place: e.closest("[id]")?.id ?? "", colors: `rgb(${over(own, below).slice(0, 3).map(Math.round)}) on rgb(${below.slice(0, 3).map(Math.round)})` });
  }
  for (const e of document.querySelectorAll(".swatch, [class*='c-h']")) {
    if (!e.checkVisibility() || e instanceof SVGElement) continue;
    const style = getComputedStyle(e);
    if (parse(style.backgroundColor)[3] === 0 && style.backgroundImage === "none") { plain = e.className; break; }
  }
  const body = light(behind(document.body));
  return { faults: [...worst.values()], counted, plain, body };
}"""


def check(findings, watched, where, expect="light"):
    """`expect`: `light` or `dark`, what the page should be."""
    result = watched.page.evaluate(PROBE)
    for fault in result["faults"]:
        findings.check(
            False, where, f"contrast {fault['ratio']:.2f} of \"{fault['text']}\" in #{fault['place']} ({fault['colors']})")
    findings.check(result["plain"] is None, where, f"what stands for a color has none: class {result['plain']}")
    findings.check(result["counted"] > 0, where, "there is no text")
    dark = result["body"] < 0.2
    findings.check(dark == (expect == "dark"), where, f"the page is not {expect}")


def check_theme_button(findings, watched, where):
    """A button that turns the page dark for a reader whose system is light, and remembers it."""
    page = watched.page
    buttons = page.locator("button:visible").filter(has_text="olor").or_(page.locator("button.theme:visible"))
    if not findings.check(buttons.count() > 0, where, "there is no button for light and dark"):
        return
    button = buttons.first
    page.emulate_media(color_scheme="light")
    seen = set()
    for _ in range(4):
        seen.add("dark" if page.evaluate(PROBE)["body"] < 0.2 else "light")
        if "dark" in seen and len(seen) == 2:
            break
        button.focus()
        page.keyboard.press("Enter")
    if not findings.check(seen == {"light", "dark"}, where, f"the button for light and dark leaves the page {'/'.join(seen)}"):
        return
    page.wait_for_timeout(300)
    page.reload()
    findings.check(page.evaluate(PROBE)["body"] < 0.2, where, "the page forgets the chosen colors when it is loaded again")
    page.evaluate("localStorage.clear()")
    page.reload()

"""The document: well-formed, unique ids, links that lead somewhere, headings in order, names for assistive technology."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlparse

VOID = set("area base br col embed hr img input link meta source track wbr".split())

# Each line of the answer is one finding.
PROBE = r"""() => {
  const found = [];
  const name = (e) => {
    const text = e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (e.className?.baseVal ?? e.className ?? "").split(/\s+/)
      .filter(Boolean).map((c) => "." + c).join("");
    return text.slice(0, 120);
  };
  const ids = new Map();
  for (const e of document.querySelectorAll("*")) {
    if (e.id) ids.set(e.id, (ids.get(e.id) ?? 0) + 1);
    for (const attribute of e.attributes) {
      if (attribute.name === "style") found.push(`${name(e)} has a style attribute`);
      if (/^on/i.test(attribute.name)) found.push(`${name(e)} has an inline handler ${attribute.name}`);
      if (["aria-labelledby", "aria-describedby", "aria-controls", "for", "headers", "aria-owns"].includes(attribute.name))
        for (const id of attribute.value.split(/\s+/).filter(Boolean))
          if (!document.getElementById(id)) found.push(`${name(e)}: ${attribute.name} names ${id}, which is not there`);
    }
    if (e.tabIndex > 0) found.push(`${name(e)} has a tabindex above 0`);
  }
  for (const [id, count] of ids) if (count > 1) found.push(`the id ${id} is there ${count} times`);
  for (const link of document.querySelectorAll("a")) {
    const target = link.getAttribute("href");
    if (target === null) { found.push(`${name(link)} leads nowhere`); continue; }
    if (target.length > 1 && target.startsWith("#") && !document.getElementById(decodeURIComponent(target.slice(1))))
      found.push(`the link ${target} has no target`);
    if (/^\s*(javascript|data|vbscript):/i.test(target)) found.push(`the link ${target.slice(0, 80)} runs something`);
  }
  for (const use of document.querySelectorAll("svg use, svg [clip-path], svg [marker-end], svg [fill^='url(']")) {
    const text = use.getAttribute("href") ?? use.getAttribute("clip-path") ?? use.getAttribute("marker-end") ?? use.getAttribute("fill");
    const id = text?.match(/#([^)"']+)/)?.[1];
    if (id && !document.getElementById(id)) found.push(`${name(use)} refers to ${id}, which is not there`);
  }
  if (!document.documentElement.lang) found.push("html has no lang");
  if (!document.title.trim()) found.push("there is no title");
  const mains = document.querySelectorAll("main").length;
  if (mains !== 1) found.push(`there are ${mains} main elements`);
  const headings = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].filter((h) => !h.closest("[hidden]"));
  const firsts = headings.filter((h) => h.tagName === "H1").length;
  if (firsts !== 1) found.push(`there are ${firsts} h1`);
  let last = 0;
  for (const heading of headings) {
    const level = Number(heading.tagName[1]);
    if (level > last + 1) found.push(`"${heading.textContent.trim().slice(0, 60)}" is an h${level} after an h${last}`);
    if (!heading.textContent.trim()) found.push(`${name(heading)} is empty`);
    last = level;
  }
  for (const table of document.querySelectorAll("table")) {
    const heads = [...table.querySelectorAll("th")];
    if (!heads.length) found.push(`${name(table)} has no headings`);
    for (const head of heads) if (!head.scope && !head.id) { found.push(`${name(table)}: a th without scope, "${head.textContent.slice(0, 40)}"`); break; }
    const widths = new Set([...table.rows].map((row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0)));
    if (widths.size > 1 && !table.querySelector("[rowspan]")) found.push(`${name(table)} has rows of ${[...widths].join(" and ")} cells`);
  }
  return found;
}"""

# Roles that nobody can use without a name.
NAMED = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "table", "grid", "image", "img", "graphics-document", "region", "navigation", "DisclosureTriangle", "listbox", "spinbutton", "slider"}


NAMELESS = r"""function () {
  const labels = (this.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean).map((id) => document.getElementById(id));
  if (labels.some((label) => label?.textContent.trim())) return "";
  if (this.querySelector(":scope > figcaption, :scope > caption")?.textContent.trim()) return "";
  // A table that is all there is to a named section needs no name of its own.
  const section = this.closest("table") && this.closest("section[aria-labelledby], [role=region][aria-label]");
  if (section && section.querySelectorAll("table").length === 1) return "";
  return this.cloneNode().outerHTML.slice(0, 120) + " in #" + (this.parentElement?.closest("[id]")?.id ?? "");
}"""


class Balance(HTMLParser):
    """Every element that opens closes, in order."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.faults = []

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        if len(names) != len(set(names)):
            self.faults.append(f"line {self.getpos()[0]}: {tag} has an attribute twice")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        if "svg" not in self.open and tag != "svg" and tag not in VOID:
            self.faults.append(f"line {self.getpos()[0]}: <{tag}/> does not close itself in HTML")

    def handle_endtag(self, tag):
        if tag in VOID:
            self.faults.append(f"line {self.getpos()[0]}: </{tag}> closes nothing")
        elif not self.open or self.open[-1] != tag:
            inside = self.open[-1] if self.open else "nothing"
            self.faults.append(f"line {self.getpos()[0]}: </{tag}> inside {inside}")
            if tag in self.open:
                while self.open.pop() != tag:
                    pass
        else:
            self.open.pop()


def check(findings, watched, where):
    page = watched.page
    findings.faults(page.evaluate(PROBE), where)
    check_names(findings, page, where)
    path = Path(unquote(urlparse(watched.url).path))
    check_source(findings, path, where)
    for target in page.evaluate("[...document.querySelectorAll('a[href]')].map((a) => a.getAttribute('href'))"):
        if not target.startswith("#") and not urlparse(target).scheme:
            file = path.parent / unquote(urlparse(target).path)
            findings.check(file.exists(), where, f"the link {target[:100]} leads to no file")


def check_source(findings, path, where):
    text = path.read_text(encoding="utf-8")
    balance = Balance()
    balance.feed(text)
    balance.close()
    findings.faults(balance.faults[:5] + [f"<{tag}> is never closed" for tag in balance.open[:5]], where)
    findings.check(text[:15].lower() == "<!doctype html>", where, "the page does not start with <!doctype html>")


def check_names(findings, page, where):
    """The browser's own accessibility tree says which controls, tables and drawings have no name."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    counted = 0
    for node in nodes:
        role = node.get("role", {}).get("value")
        if node.get("ignored") or role not in NAMED:
            continue
        counted += 1
        if node.get("name", {}).get("value", "").strip():
            continue
        # The tree leaves out names that come from parts of the page which were not drawn yet.
        fault = session.send("Runtime.callFunctionOn", {
            "objectId": session.send("DOM.resolveNode", {"backendNodeId": node["backendDOMNodeId"]})["object"]["objectId"],
            "functionDeclaration": NAMELESS, "returnByValue": True})["result"].get("value")
        findings.faults([f"a {role} has no name: {fault}"] if fault else [], where)
    unlabelled = page.evaluate("""() => [...document.querySelectorAll("svg")]
      .filter((svg) => !svg.closest("[aria-hidden=true]") && !svg.parentElement.closest("svg"))
      .filter((svg) => !(svg.getAttribute("aria-label") || svg.getAttribute("aria-labelledby") || svg.querySelector(":scope > title")))
      .map((svg) => (svg.closest("[id]")?.id ?? "svg"))""")
    findings.faults([f"a drawing in {place} has no name" for place in unlabelled], where)
    findings.check(counted > 0, where, "no named element in the accessibility tree")
    session.detach()

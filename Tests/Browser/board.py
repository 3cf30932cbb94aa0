"""What a leaderboard's page does besides sorting and filtering: links to entries, and reasons that one need not hover for."""

# Whether an entry that a link led to is open, and where one is.
ARRIVED = r"""(id) => {
  const target = document.getElementById(id);
  const box = target.getBoundingClientRect();
  return { open: target.open, seen: box.top > -5 && box.top < innerHeight, focus: target.contains(document.activeElement) };
}"""

# Titles of the board's tables that stand nowhere on the page as text.
HOVERED = r"""() => {
  const text = document.body.textContent.replace(/\s+/g, " ");
  return [...new Set([...document.querySelectorAll("table [title]")].map((e) => e.title.replace(/\s+/g, " ").trim()))]
    .filter((title) => !text.includes(title));
}"""


def check(findings, session, name, url):
    for width in (390, 1440):
        where = f"{name} at {width} px"
        context = session.context(width)
        watched = session.open(context, url)
        page = watched.page
        for title in page.evaluate(HOVERED):
            findings.check(False, where, f"is told on hovering only: {title[:100]}")
        described = page.evaluate("document.querySelectorAll('#board [aria-describedby]').length")
        findings.check(described > 0, where, "nothing says where the columns are explained")
        check_first_order(findings, page, where)
        check_links(findings, session, page, url, where)
        watched.report(findings, where)
        context.close()


def check_first_order(findings, page, where):
    for column, order in [("name", "ascending"), ("flags", "ascending"), ("paper", "ascending"), ("worst_accuracy", "descending")]:
        head = page.locator(f"#board-all th[data-id={column}]")
        button = head.locator("button")
        if not findings.check(button.count() == 1, where, f"the column {column} is not sorted by"):
            continue
        button.press("Enter")
        found = head.get_attribute("aria-sort")
        findings.check(found == order, where, f"the column {column} is first sorted {found}")
    page.evaluate("history.replaceState(null, '', location.pathname)")
    page.reload()


def check_links(findings, session, page, url, where):
    links = page.locator("#board-all a[href^='#entry-']")
    count = links.count()
    if not findings.check(count > 0, where, "no row leads to its entry"):
        return
    link = links.nth(count // 2)
    id = link.get_attribute("href")[1:]
    link.press("Enter")
    page.wait_for_timeout(50)
    arrived(findings, page, id, where, "a link")
    page.goto(url)
    page.reload()
    # Sorted and searched, and then a link followed.
    page.locator("#board-all th[data-id=worst_asr] button").press("Enter")
    page.locator("#board input[type=search]").fill(page.locator(f"#board-all a[href='#{id}']").inner_text()[:3])
    page.wait_for_timeout(50)
    before, rows = page.url, shown(page)
    page.locator(f"#board-all a[href='#{id}']").press("Enter")
    page.wait_for_timeout(50)
    arrived(findings, page, id, where, "a link from a sorted table")
    findings.check(shown(page) == rows, where, "a link from a sorted table loses rows or their order")
    there = page.url
    other = session.open(page.context, there)
    other.page.wait_for_timeout(50)
    arrived(findings, other.page, id, where, "the address of an entry, opened again,")
    findings.check(shown(other.page) == rows, where, "the address of an entry, opened again, shows other rows or another order")
    other.report(findings, where)
    other.page.close()
    page.go_back()
    page.wait_for_timeout(50)
    findings.check(page.url == before, where, "the way back from an entry leads to another address")
    findings.check(shown(page) == rows, where, "the way back from an entry shows other rows or another order")
    page.go_forward()
    page.wait_for_timeout(50)
    page.locator("#board-all th[data-id=name] button").press("Enter")
    findings.check(id not in page.url, where, "whoever sorts again is still sent to the entry")


def arrived(findings, page, id, where, what):
    state = page.evaluate(ARRIVED, id)
    findings.check(state["open"], where, f"{what} leaves {id} closed")
    findings.check(state["seen"] and state["focus"], where, f"{what} does not lead to {id}: {state}")
    findings.check(id in page.url, where, f"{what} leaves no trace of {id} in the address")


def shown(page):
    return page.evaluate("[...document.querySelectorAll('#board-all tbody tr')].filter((row) => !row.hidden).map((row) => row.cells[1].textContent)")

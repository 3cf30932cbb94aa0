"""Tables that one sorts, filters and saves, used as a reader would: by keyboard, with the address as the state."""

import csv
import io
import json
import re

# A table is told by its place in the page, so that the same one is found after the page was loaded again.
TABLES = r"""() => [...document.querySelectorAll("table")].map((table, index) => ({
  index, id: table.dataset.name ?? table.id, hidden: !table.checkVisibility(), inPanel: !!table.closest("[hidden]"),
  buttons: [...table.querySelectorAll("thead th")].map((th, column) => th.querySelector("button") ? column : -1).filter((c) => c >= 0),
})).filter((table) => table.buttons.length)"""

STATE = r"""(index) => {
  const table = document.querySelectorAll("table")[index];
  return {
    sorts: [...table.querySelectorAll("thead th")].map((th) => th.getAttribute("aria-sort")),
    rows: [...table.tBodies].flatMap((body) => [...body.rows]).map((row) => ({
      shown: !row.hidden,
      cells: [...row.cells].map((cell) => ({ value: (cell.dataset.v ?? cell.textContent).trim(), text: cell.textContent.trim(), has: cell.dataset.v !== undefined })),
    })),
  };
}"""

# Whether texts are in the order of a reader's language.
IN_ORDER = r"""([texts, sign]) => {
  const collator = new Intl.Collator("en", { numeric: true });
  for (let i = 1; i < texts.length; i++) if (sign * collator.compare(texts[i - 1], texts[i]) > 0) return [texts[i - 1], texts[i]];
  return null;
}"""

COUNT = r"""(index) => {
  const table = document.querySelectorAll("table")[index];
  const group = table.closest("[data-tables]") ?? table.closest("section") ?? document.body;
  return [...group.querySelectorAll("[data-count], [role=status], output")].map((e) => ({
    text: e.textContent.trim(), live: !!e.closest("[aria-live], [role=status], output"), shown: e.checkVisibility() }));
}"""

MOST_COLUMNS = 60


def number(text):
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None


def check(findings, session, watched, url, where, folder, parts):
    """The named parts of what is to be said about the tables of a page."""
    page = watched.page
    tables = page.evaluate(TABLES)
    findings.note(where, f"{len(tables)} tables that sort")
    findings.check(tables, where, "no table can be sorted")
    if "sorting" in parts:
        for table in tables:
            check_sorting(findings, page, table, f"{where}, table {table['id']}")
    if "filters" in parts:
        check_filters(findings, page, tables, where)
    if "downloads" in parts:
        check_downloads(findings, page, where, folder)
    if "address" in parts:
        check_address(findings, session, watched, tables, url, where)
        check_odd_addresses(findings, session, url, where)


def shown_number(text):
    """The first number of a cell's text, as a reader sees it, and half a unit of its last digit."""
    match = re.match(r"[^\d+\-−.]*([-−+]?\d[\d,]*(?:\.(\d+))?)(?:\s*(%))?", text)
    if not match:
        return None
    value = float(match[1].replace("−", "-").replace(",", ""))
    half = 0.5 * 10 ** -len(match[2] or "")
    return (value / 100, half / 100) if match[3] else (value, half)


def check_sorting(findings, page, table, where):
    index = table["index"]
    before = page.evaluate(STATE, index)
    initial = [[cell["value"] for cell in row["cells"]] for row in before["rows"]]
    if not findings.check(len(initial) > 0, where, "a table that sorts has no rows"):
        return
    for column in table["buttons"][:MOST_COLUMNS]:
        place = f"{where}, column {column + 1}"
        button = page.locator("table").nth(index).locator("thead th").nth(column).locator("button")
        if not button.is_visible():
            continue
        findings.check(before["sorts"][column] is not None, place, "the heading has no aria-sort before it is used")
        orders = []
        for _ in range(3):
            button.focus()
            page.keyboard.press("Enter")
            state = page.evaluate(STATE, index)
            orders.append(state["sorts"][column])
            check_order(findings, page, state, column, initial, place)
            if state["sorts"][column] in (None, "none"):
                rows = [[cell["value"] for cell in row["cells"]] for row in state["rows"]]
                findings.check(rows == initial, place, "unsorted again, the rows are not in their order")
        findings.check({"ascending", "descending"} <= set(orders), place, f"Enter, three times, gives aria-sort {orders}")
        if "none" not in orders:
            page.keyboard.press("Enter")
        focused = page.evaluate("document.activeElement?.tagName")
        findings.check(focused == "BUTTON", place, "sorting takes the focus away")
    values = [cell for row in before["rows"] for cell in row["cells"]]
    for cell in values:
        exact, seen = (number(cell["value"]) if cell["has"] else None), shown_number(cell["text"])
        if exact is not None and seen is not None and re.match(r"[^A-Za-z]*$", cell["text"].split("\n")[0][:8]):
            value, half = seen
            findings.check(abs(value - exact) <= half * 1.001 or abs(value / 100 - exact) <= half / 100 * 1.001, where,
                           f"a cell says {cell['text'][:30]!r} and is sorted as {cell['value']}")


def check_order(findings, page, state, column, initial, place):
    rows = [[cell["value"] for cell in row["cells"]] for row in state["rows"]]
    findings.check(sorted(rows) == sorted(initial), place, "sorting loses or changes rows")
    order = state["sorts"][column]
    if order not in ("ascending", "descending"):
        return
    others = [sort for i, sort in enumerate(state["sorts"]) if i != column and sort not in (None, "none")]
    findings.check(not others, place, "two headings say that the table is sorted by them")
    values = [row[column] for row in rows if column < len(row)]
    present = [value for value in values if value != ""]
    findings.check(values == present + [""] * (len(values) - len(present)), place, f"{order}: missing values are not last")
    sign = 1 if order == "ascending" else -1
    numbers = [number(value) for value in present]
    if all(value is not None for value in numbers):
        wrong = [(a, b) for a, b in zip(numbers, numbers[1:]) if sign * (a - b) > 0]
        findings.check(not wrong, place, f"{order}: {wrong[:1]} are out of order")
    elif not any(value is not None for value in numbers):
        wrong = page.evaluate(IN_ORDER, [present, sign])
        findings.check(wrong is None, place, f"{order}: {wrong} are out of order")


def shown_rows(page, index):
    return [[cell["text"] for cell in row["cells"]] for row in page.evaluate(STATE, index)["rows"] if row["shown"]]


def group_table(page, control, tables):
    """The index of the first sortable table that a control filters and that can be seen."""
    handle = control.evaluate(r"""(e) => {
      const group = e.closest("[data-tables]") ?? e.closest("section") ?? document.body;
      const all = [...document.querySelectorAll("table")];
      return all.flatMap((table, index) => group.contains(table) && table.checkVisibility() ? [index] : []);
    }""")
    return next((index for index in handle if any(table["index"] == index for table in tables)), None)


def check_filters(findings, page, tables, where):
    searches = page.locator("input[type=search]:visible")
    findings.note(where, f"{searches.count()} searches, {page.locator('form select:visible').count()} lists to choose from")
    for place in range(searches.count()):
        search = searches.nth(place)
        index = group_table(page, search, tables)
        if index is None:
            continue
        every = shown_rows(page, index)
        word = max((cell for row in every for cell in row[:1]), key=len, default="")[:20].split("\n")[0].strip()
        expected = [row for row in every if word.lower() in "".join(row).lower()]
        for text, rows in [(word, None), ("no row says this", []), ("", every)]:
            search.fill(text)
            seen = shown_rows(page, index)
            if rows is None:
                findings.check(0 < len(seen) <= len(every), where, f"the search for {text!r} shows {len(seen)} of {len(every)} rows")
                findings.check(len(seen) >= len(expected), where, f"the search for {text!r} hides rows with that text")
                findings.check(all(text.lower() in " ".join(row).lower() for row in seen), where, f"the search for {text!r} shows other rows")
            else:
                findings.check(seen == rows, where, f"the search for {text!r} shows {len(seen)} rows, not {len(rows)}")
            check_count(findings, page, index, len(seen), where)
    selects = page.locator("form select:visible")
    for place in range(selects.count()):
        select = selects.nth(place)
        if select.evaluate("(e) => 'panels' in e.dataset"):
            check_panels(findings, page, select, where)
            continue
        index = group_table(page, select, tables)
        if index is None:
            continue
        every = shown_rows(page, index)
        first = select.input_value()
        sizes = []
        for value in select.evaluate("(e) => [...e.options].map((o) => o.value)"):
            select.select_option(value)
            seen = shown_rows(page, index)
            check_count(findings, page, index, len(seen), where)
            findings.check(all(row in every for row in seen), where, f"the filter {value!r} shows rows that were not there")
            sizes.append(len(seen))
        name = select.get_attribute("name")
        findings.check(max(sizes) <= len(every), where, f"the filter {name} shows more rows than there are")
        select.select_option(first)
        findings.check(shown_rows(page, index) == every, where, f"the filter {name}, taken back, does not show all rows")
    boxes = page.locator("form input[type=checkbox]:visible")
    for place in range(boxes.count()):
        box = boxes.nth(place)
        index = group_table(page, box, tables)
        if index is None:
            continue
        every = shown_rows(page, index)
        box.focus()
        page.keyboard.press("Space")
        seen = shown_rows(page, index)
        findings.check(all(row in every for row in seen) or not box.is_checked(), where, "a checkbox shows rows that were not there")
        check_count(findings, page, index, len(seen), where)
        page.keyboard.press("Space")
        findings.check(shown_rows(page, index) == every, where, "a checkbox, taken back, does not show all rows")


def check_panels(findings, page, select, where):
    options = select.evaluate("(e) => [...e.options].map((o) => o.value)")
    first = select.input_value()
    for value in options:
        select.select_option(value)
        seen = page.evaluate("(ids) => ids.filter((id) => document.getElementById(id)?.checkVisibility())", options)
        findings.check(seen == [value], where, f"choosing {value} shows {seen}")
    select.select_option(first)


def check_count(findings, page, index, rows, where):
    counts = [count for count in page.evaluate(COUNT, index) if count["shown"]]
    if not findings.check(counts, where, "nothing says how many rows a filter shows"):
        return
    right = any(re.search(rf"(?<!\d){rows}(?!\d)", count["text"]) for count in counts)
    findings.check(right, where, f"{rows} rows are shown, and the count says {counts[0]['text']!r}")
    findings.check(any(count["live"] for count in counts), where, "the count of rows is not read out (role=status)")


def snapshot(page, index):
    state = page.evaluate(STATE, index)
    controls = page.evaluate("[...document.querySelectorAll('form [name]')].map((e) => e.type === 'checkbox' ? e.checked : e.value)")
    return state["sorts"], [row["cells"][0]["text"] for row in state["rows"] if row["shown"]], controls


def check_address(findings, session, watched, tables, url, where):
    """Sorted and filtered, the address brings the same rows in the same order; so does the way back from a link."""
    page = watched.page
    table = next((table for table in tables if page.locator("table").nth(table["index"]).is_visible()), None)
    if table is None:
        return
    index = table["index"]
    start = page.url
    button = page.locator("table").nth(index).locator("thead th button").last
    button.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    search = page.locator("input[type=search]:visible")
    if search.count() and group_table(page, search.first, tables) == index:
        rows = shown_rows(page, index)
        search.first.fill(rows[len(rows) // 2][0][:3])
    page.wait_for_timeout(50)
    there = snapshot(page, index)
    address = page.url
    findings.check(address != start, where, "sorting and filtering leave no trace in the address")
    other = session.open(page.context, address)
    findings.check(snapshot(other.page, index) == there, where, "the address, opened again, shows other rows or another order")
    other.report(findings, where)
    other.page.close()
    link = page.locator("main a[href^='#']:visible")
    if link.count():
        link.first.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(50)
        findings.check(page.url != address, where, "a link within the page does not change the address")
        page.go_back()
        page.wait_for_timeout(50)
        findings.check(page.url == address, where, "the way back from a link leads to another address")
        findings.check(snapshot(page, index) == there, where, "the way back from a link shows other rows or another order")
    page.goto(url)
    page.reload()


def check_odd_addresses(findings, session, url, where):
    """What stands behind # comes from anybody."""
    context = session.context()
    for odd in ["#=", "#%", "#%E0%A4%A", "#x.sort=+nothing&x.q=%00", "#__proto__.sort=1&constructor=2", "#<script>alert(1)</script>", "#" + "a" * 5000 + "=1"]:
        watched = session.open(context, url + odd)
        watched.page.wait_for_timeout(20)
        for complaint in watched.complaints:
            findings.check(False, where, f"the address {odd[:40]!r}: {complaint[:200]}")
        for index in [table["index"] for table in watched.page.evaluate(TABLES)]:
            state = watched.page.evaluate(STATE, index)
            findings.check(all(row["shown"] for row in state["rows"]), where, f"the address {odd[:40]!r} hides rows")
        watched.page.close()
    context.close()


def check_downloads(findings, page, where, folder):
    """Every file that a button saves parses, and says what the table says; and what the file of that name beside says.
    With a search it has the rows that are found."""
    buttons = page.locator("button:visible").filter(has_text=re.compile(r"\b(CSV|JSON)\b"))
    compared = 0
    for place in range(buttons.count()):
        button = buttons.nth(place)
        index = button.evaluate(r"""(e) => {
          const tables = [...document.querySelectorAll("table")];
          const next = (e.closest("p,div,form") ?? e).nextElementSibling;
          const own = next?.matches("table") ? next : next?.querySelector("table");
          return tables.indexOf(own ?? e.closest("section, [data-tables]")?.querySelector("table[data-name]"));
        }""")
        name, header, saved = saved_rows(findings, page, button, index, where)
        if folder and name.endswith(".csv"):
            compared += compare_beside(findings, name, header, saved, where, folder)
        search = page.locator("table").nth(index).locator("xpath=ancestor::*[@data-tables]").locator("input[type=search]:visible")
        rows = shown_rows(page, index)
        if search.count() and rows:
            search.first.fill(rows[-1][0][:20])
            saved_rows(findings, page, button, index, f"{where}, with a search")
            search.first.fill("")
    findings.note(where, f"{buttons.count()} buttons that save, {compared} files compared with those beside the page")


def saved_rows(findings, page, button, index, where):
    """Saves a table, and holds what is saved against the rows that are shown."""
    with page.expect_download() as info:
        button.focus()
        page.keyboard.press("Enter")
    name = info.value.suggested_filename
    with open(info.value.path(), encoding="utf-8", newline="") as file:
        header, saved = parsed(findings, name, file.read(), where)
    state = page.evaluate(STATE, index)
    rows = [[cell["value"] for cell in row["cells"]] for row in state["rows"] if row["shown"]]
    findings.check(len(saved) == len(rows), where, f"{name} has {len(saved)} rows, and the table shows {len(rows)}")
    for line, row in zip(saved, rows):
        if len(line) != len(row) or not all(same(a, b) for a, b in zip(line, row)):
            findings.check(False, where, f"{name} says {line[:4]} where the table says {row[:4]}")
            break
    return name, header, saved


def parsed(findings, name, text, where):
    try:
        if name.endswith(".json"):
            records = json.loads(text)
            header = list(records[0]) if records else []
            findings.check(all(list(record) == header for record in records), where, f"{name}: rows of other fields")
            return header, [["" if value is None else str(value) for value in record.values()] for record in records]
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        findings.check(len({len(line) for line in lines}) == 1, where, f"{name}: lines of other lengths")
        findings.check(len(set(lines[0])) == len(lines[0]), where, f"{name}: two columns have one name")
        # A program that calculates runs what begins like this, unless it is a number.
        for cell in (cell for line in lines for cell in line):
            findings.check(number(cell) is not None or not re.match(r"[=+\-@\t\r]", cell), where, f"{name} has a formula: {cell[:40]!r}")
        return lines[0], lines[1:]
    except (ValueError, csv.Error, IndexError, AttributeError) as error:
        findings.check(False, where, f"{name} does not parse: {error}")
        return [], []


def same(saved, shown):
    if saved == shown or saved == "'" + shown:
        return True
    a, b = number(saved), number(shown)
    return a is not None and b is not None and abs(a - b) <= 1e-12 * max(abs(a), abs(b), 1)


def compare_beside(findings, name, header, saved, where, folder):
    """Whether there is a file of that name beside the page; every row of the page's is in it, where the columns are the
    same."""
    beside = sorted(folder.rglob(name))
    if not beside:
        return False
    with open(beside[0], encoding="utf-8", newline="") as lines:
        there, *rows = [line for line in csv.reader(line for line in lines if not line.startswith("#"))]
    common = [(header.index(column), there.index(column)) for column in header if column in there]
    findings.check(common, where, f"{name}, as saved, and {beside[0].name} beside the page have no column in common")
    for mine in saved:
        equal = any(all(same(mine[a], theirs[b]) or same(theirs[b], mine[a]) for a, b in common) for theirs in rows)
        if not findings.check(equal, where, f"{name}: the row {[mine[a] for a, _ in common][:4]} as saved is not in the file beside the page"):
            break
    return True

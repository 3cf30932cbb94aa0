/// The script of pages: what a page can do more where scripts run; without it no content is missing.
public enum PageScript {
  /// Sorting, filtering, state in the address, downloads, light and dark.
  ///
  /// What it looks for:
  ///
  /// - `[data-tables]`, with an id: tables that share filters. In it
  ///   - `table[data-name]`, with `th[data-id]` in its head; a heading with `data-better` is sorted
  ///     by: its best values first, then last, then in the order of the page. `data-v` of a cell is
  ///     the value behind its text, and an empty one is missing and always last;
  ///   - `form.filters`, hidden until there is a script: a control with a name and `data-key` shows
  ///     rows whose `data-<key>` is the control's value; a search field shows rows with its text;
  ///   - `select[data-panels]`, whose values are ids: the chosen element is shown, the others are not;
  ///   - `[data-count]` says how many rows are shown.
  /// - `p.tools` right before a table's `.scroll` gets buttons that save the rows that are shown.
  ///
  /// The state stands behind `#` as `<id of the tables>.<name>=<value>`.
  public static let tables = #"""
    (() => {
    "use strict";
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const make = (tag, text, extra) =>
      Object.assign(document.createElement(tag), { textContent: text }, extra);
    const button = (text, action, extra) =>
      make("button", text, { type: "button", className: "tool", onclick: action, ...extra });
    const raw = (cell) => (cell.dataset.v ?? cell.textContent).trim();
    const parameters = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

    // Light and dark.
    const themes = ["system", "light", "dark"];
    const root = document.documentElement;
    const kept = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
    const setTheme = (theme) => {
      if (theme === "system") delete root.dataset.theme; else root.dataset.theme = theme;
      toggle.textContent = "Colors: " + theme;
    };
    let theme = themes.includes(kept()) ? kept() : "system";
    const toggle = button("", () => {
      theme = themes[(themes.indexOf(theme) + 1) % 3];
      try { localStorage.setItem("theme", theme); } catch { /* Some files have no storage. */ }
      setTheme(theme);
    }, { className: "tool theme" });
    setTheme(theme);
    document.body.prepend(toggle);

    // Downloads of the rows that are shown.
    const save = (name, type, text) => {
      const link = make("a", "", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    };
    const shown = (table) => all("tbody tr", table).filter((row) => !row.hidden);
    const isNumber = (text) => text !== "" && Number.isFinite(Number(text));
    const quoted = (text) => {
      // A program that calculates would run what looks like a formula.
      if (!isNumber(text) && /^[=+\-@\t\r]/.test(text)) text = "'" + text;
      return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
    };
    const ids = (table) => all("thead th", table).map((head) => head.dataset.id ?? head.textContent.trim());
    const csv = (table) => [ids(table), ...shown(table).map((row) => [...row.cells].map(raw))]
      .map((fields) => fields.map(quoted).join(",") + "\r\n").join("");
    const json = (table) => JSON.stringify(shown(table).map((row) => Object.fromEntries(
      [...row.cells].map((cell, column) => {
        const text = raw(cell);
        return [ids(table)[column], text === "" ? null : isNumber(text) ? Number(text) : text];
      }))), null, 1) + "\n";

    // Sorting: missing values last, numbers by value, others as a reader would.
    const compare = (a, b, sign) => {
      if (a === "" || b === "") return (a === "") - (b === "");
      if (isNumber(a) && isNumber(b)) return sign * (a - b);
      return sign * a.localeCompare(b, "en", { numeric: true });
    };

    // The text of a row; what stands in two places is not one word.
    const words = new Map(all("[data-tables] tbody tr").map((row) => {
      const parts = [];
      const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) parts.push(walker.currentNode.data);
      return [row, parts.join(" ").toLowerCase()];
    }));

    for (const group of all("[data-tables]")) {
      const tables = all("table[data-name]", group);
      const form = group.querySelector("form.filters");
      const controls = form ? [...form.elements].filter((control) => control.name) : [];
      const original = new Map(tables.map((table) => [table, all("tbody tr", table)]));
      let sorting = "";

      const sort = () => {
        for (const table of tables) {
          const heads = all("thead th", table);
          const column = heads.findIndex((head) => head.dataset.id === sorting.slice(1));
          const sign = sorting[0] === "-" ? -1 : 1;
          heads.forEach((head, index) => {
            if (head.dataset.better === undefined) return;
            head.ariaSort = index !== column ? "none" : sign < 0 ? "descending" : "ascending";
          });
          const rows = [...original.get(table)];
          if (column >= 0) {
            const keys = new Map(rows.map((row) => [row, raw(row.cells[column])]));
            rows.sort((a, b) => compare(keys.get(a), keys.get(b), sign));
          }
          table.tBodies[0].append(...rows);
        }
      };
      const filter = () => {
        const rules = controls.filter((control) => !("panels" in control.dataset)
          && (control.type === "checkbox" ? control.checked : control.value.trim()));
        for (const table of tables) {
          for (const row of original.get(table)) {
            row.hidden = !rules.every((control) => control.dataset.key
              ? row.dataset[control.dataset.key] === control.value
              : words.get(row).includes(control.value.trim().toLowerCase()));
          }
        }
        for (const control of controls.filter((control) => "panels" in control.dataset)) {
          for (const option of control.options) {
            const panel = document.getElementById(option.value);
            if (panel) panel.hidden = option.value !== control.value;
          }
        }
        const table = tables.find((table) => !table.closest("[hidden]")) ?? tables[0];
        const rows = table ? original.get(table) : [];
        for (const count of all("[data-count]", group)) {
          count.textContent = rows.filter((row) => !row.hidden).length + " of " + rows.length + " rows";
        }
      };
      const write = () => {
        const state = parameters();
        const put = (name, value) => value
          ? state.set(group.id + "." + name, value) : state.delete(group.id + "." + name);
        put("sort", sorting);
        for (const control of controls) {
          const first = control.options?.[0].value ?? "";
          put(control.name, control.type === "checkbox" ? (control.checked ? "1" : "")
            : control.value === first ? "" : control.value);
        }
        const text = state.toString();
        history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
      };
      const read = () => {
        const state = parameters();
        sorting = state.get(group.id + ".sort") ?? "";
        for (const control of controls) {
          const value = state.get(group.id + "." + control.name) ?? "";
          if (control.type === "checkbox") control.checked = value === "1";
          else if (!control.options) control.value = value;
          else if (![...control.options].some((option) => option.value === value)) control.selectedIndex = 0;
          else control.value = value;
        }
        sort();
        filter();
      };

      for (const table of tables) {
        for (const head of all("thead th[data-better]", table)) {
          const best = head.dataset.better === "lower" ? "+" : "-";
          const worst = best === "+" ? "-" : "+";
          const next = button(head.textContent, () => {
            const id = head.dataset.id;
            sorting = sorting === best + id ? worst + id : sorting === worst + id ? "" : best + id;
            sort();
            write();
          }, { className: "" });
          head.replaceChildren(next);
        }
        const tools = table.closest(".scroll")?.previousElementSibling;
        if (!tools?.matches("p.tools")) continue;
        tools.append(
          button("Save as CSV", () => save(table.dataset.name + ".csv", "text/csv", csv(table))),
          button("Save as JSON", () => save(table.dataset.name + ".json", "application/json", json(table))));
        tools.hidden = false;
      }
      if (form) {
        form.hidden = false;
        form.addEventListener("submit", (event) => event.preventDefault());
        form.addEventListener("input", () => { filter(); write(); });
      }
      addEventListener("hashchange", () => { if (location.hash.includes("=")) read(); });
      read();
    }
    addEventListener("beforeprint", () => all("details").forEach((details) => { details.open = true; }));
    })();
    """#
}

/// What the page of a board can do more than sort and filter.
enum BoardScript {
  /// Links within the page: what is closed around their target opens, and the state of the tables
  /// stays in the address, with the target as `at`.
  static let links = #"""
    (() => {
    "use strict";
    const state = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
    const show = (id) => {
      const target = id ? document.getElementById(id) : null;
      if (!target) return;
      for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
      document.querySelector(".at")?.classList.remove("at");
      target.classList.add("at");
      target.scrollIntoView();
      (target.matches("details") ? target.querySelector("summary") : target).focus({ preventScroll: true });
    };
    const read = () => show(location.hash.includes("=") ? state().get("at") : location.hash.slice(1));
    document.addEventListener("click", (event) => {
      const link = event.target.closest("main a[href^='#']");
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const id = link.getAttribute("href").slice(1);
      const kept = state();
      kept.delete("at");
      if ([...kept].length > 0) {
        event.preventDefault();
        kept.set("at", id);
        history.pushState(null, "", "#" + kept);
      }
      show(id);
    });
    // Whoever goes on sorting is at the table again.
    const leave = (event) => {
      if (!event.target.closest("[data-tables] th button, [data-tables] form")) return;
      const kept = state();
      if (!kept.has("at")) return;
      kept.delete("at");
      const text = kept.toString();
      history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
    };
    document.addEventListener("click", leave);
    document.addEventListener("input", leave);
    addEventListener("hashchange", read);
    read();
    })();
    """#
}

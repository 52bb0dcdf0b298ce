(() => {
  const written = (number) => number.toLocaleString("en");
  for (const root of document.querySelectorAll(".aerostat-table:not([data-live])")) {
    root.dataset.live = "true";
    const table = root.querySelector("table");
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const note = root.querySelector("small");
    const all = note.textContent;

    const search = document.createElement("input");
    search.type = "search";
    search.placeholder = "Search";
    search.setAttribute("aria-label", "Search the rows");
    search.dataset.lmSuppressShortcuts = "true";
    search.onkeydown = (event) => event.stopPropagation();
    const texts = rows.map((row) => [...row.cells].map((cell) => cell.textContent.toLowerCase()).join("\t"));
    search.oninput = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, at) => {
        row.hidden = !words.every((word) => texts[at].includes(word));
        shown += row.hidden ? 0 : 1;
      });
      note.textContent = words.length ? `${written(shown)} of ${written(rows.length)} rows match; ${all}` : all;
    };
    root.prepend(search);

    const heads = [...table.tHead.rows[0].cells];
    // What a cell is sorted by: the exact value is its title, where the text is shortened.
    const key = (row, at, isNumber) => {
      const cell = row.cells[at];
      if (cell.className === "null") return null;
      const text = cell.title || cell.textContent;
      return isNumber ? parseFloat(text) : text;
    };
    const sort = (at, direction) => {
      const isNumber = heads[at].className === "n";
      const keyed = rows.map((row) => [key(row, at, isNumber), row]);
      if (direction) {
        keyed.sort(([a], [b]) => {
          if (a === null || b === null) return (a === null) - (b === null);
          return (a < b ? -1 : a > b ? 1 : 0) * direction;
        });
      }
      body.append(...keyed.map(([, row]) => row));
    };
    heads.forEach((head, at) => {
      head.tabIndex = 0;
      head.setAttribute("role", "button");
      const turn = () => {
        const before = head.getAttribute("aria-sort");
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        const next = { null: "ascending", ascending: "descending" }[before];
        if (next) head.setAttribute("aria-sort", next);
        sort(at, { ascending: 1, descending: -1 }[next] || 0);
      };
      head.onclick = turn;
      head.onkeydown = (event) => {
        if (event.key === "Enter") turn();
        event.stopPropagation();
      };
    });
  }
})();

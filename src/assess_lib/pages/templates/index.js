(function () {
  "use strict";
  var table = document.getElementById("teams"), body = table.tBodies[0], rows = Array.prototype.slice.call(body.rows);
  var find = document.getElementById("find"), count = document.getElementById("count"), nothing = document.getElementById("nothing");
  var filters = Array.prototype.slice.call(document.querySelectorAll("[data-filter]"));
  var collator = new Intl.Collator("zh-Hans-CN", { numeric: true });
  function plain(text) { return text.normalize("NFKC").toLowerCase().trim(); }
  function apply() {
    var words = plain(find.value).split(/\s+/).filter(Boolean), shown = 0;
    rows.forEach(function (row) {
      var fits = words.every(function (word) { return row.dataset.find.indexOf(word) >= 0; }) &&
        filters.every(function (filter) { return !filter.value || row.dataset[filter.dataset.filter] === filter.value; });
      row.hidden = !fits;
      if (fits) { shown += 1; }
    });
    count.textContent = count.dataset.words.replace("#", shown);
    nothing.hidden = shown > 0;
    var state = new URLSearchParams();
    if (find.value) { state.set("q", find.value); }
    filters.forEach(function (filter) { if (filter.value) { state.set(filter.dataset.filter, filter.value); } });
    history.replaceState(null, "", "#" + state.toString());
  }
  function value(row, at, number) {
    var cell = row.cells[at], text = cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent.trim();
    return number || cell.dataset.sort !== undefined ? Number(text) : text;
  }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, at) {
    var button = head.querySelector("button"), number = button.dataset.kind === "number";
    button.addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === "ascending" || (head.getAttribute("aria-sort") === "none" && number && at > 0);
      Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.setAttribute("aria-sort", "none"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows.sort(function (a, b) {
        var x = value(a, at, number), y = value(b, at, number);
        var order = typeof x === "number" ? x - y : collator.compare(x, y);
        return down ? -order : order;
      });
      rows.forEach(function (row) { body.appendChild(row); });
    });
  });
  find.addEventListener("input", apply);
  filters.forEach(function (filter) { filter.addEventListener("change", apply); });
  document.querySelector(".filters").addEventListener("submit", function (event) { event.preventDefault(); });
  document.querySelector(".filters").addEventListener("reset", function () { setTimeout(apply, 0); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && document.activeElement !== find) { event.preventDefault(); find.focus(); }
  });
  var state = new URLSearchParams(location.hash.slice(1));
  find.value = state.get("q") || "";
  filters.forEach(function (filter) { if (state.get(filter.dataset.filter)) { filter.value = state.get(filter.dataset.filter); } });
  if (location.hash) { apply(); }
})();

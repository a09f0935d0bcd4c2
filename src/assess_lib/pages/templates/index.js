(function () {
  "use strict";
  var table = document.getElementById("teams"), body = table.tBodies[0];
  var collator = new Intl.Collator("zh-Hans-CN", { numeric: true });
  var list = filterRows(table, function (row) { return row.dataset.find; }, function (find, filters) {
    var state = new URLSearchParams();
    if (find.value) { state.set("q", find.value); }
    filters.forEach(function (filter) { if (filter.value) { state.set(filter.dataset.filter, filter.value); } });
    history.replaceState(null, "", "#" + state.toString());
  });
  var rows = list.rows, find = list.find;
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
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && document.activeElement !== find) { event.preventDefault(); find.focus(); }
  });
  var state = new URLSearchParams(location.hash.slice(1));
  find.value = state.get("q") || "";
  list.filters.forEach(function (filter) { if (state.get(filter.dataset.filter)) { filter.value = state.get(filter.dataset.filter); } });
  if (location.hash) { list.apply(); }
})();

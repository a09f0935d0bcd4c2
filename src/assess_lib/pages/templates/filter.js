function filterRows(table, textOf, told) {
  "use strict";
  var rows = Array.prototype.slice.call(table.querySelectorAll("tbody tr:not(.kind)")), form = document.querySelector(".filters");
  var find = document.getElementById("find"), count = document.getElementById("count"), nothing = document.getElementById("nothing");
  var filters = Array.prototype.slice.call(document.querySelectorAll("[data-filter]"));
  function plain(text) { return text.normalize("NFKC").toLowerCase().trim(); }
  var texts = new Map(rows.map(function (row) { return [row, plain(textOf(row))]; }));
  function apply() {
    var words = plain(find.value).split(/\s+/).filter(Boolean), shown = 0;
    rows.forEach(function (row) {
      var fits = words.every(function (word) { return texts.get(row).indexOf(word) >= 0; }) &&
        filters.every(function (filter) { return !filter.value || row.dataset[filter.dataset.filter] === filter.value; });
      row.hidden = !fits;
      if (fits) { shown += 1; }
    });
    count.textContent = count.dataset.words.replace("#", shown);
    nothing.hidden = shown > 0;
    if (told) { told(find, filters); }
  }
  find.addEventListener("input", apply);
  filters.forEach(function (filter) { filter.addEventListener("change", apply); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  return { apply: apply, find: find, filters: filters, rows: rows };
}

(function () {
  "use strict";
  var table = document.getElementById("findings");
  if (!table) { return; }
  var rows = Array.prototype.slice.call(table.tBodies[0].rows);
  var find = document.getElementById("find"), count = document.getElementById("count"), nothing = document.getElementById("nothing");
  var filters = Array.prototype.slice.call(document.querySelectorAll("[data-filter]"));
  function plain(text) { return text.normalize("NFKC").toLowerCase().trim(); }
  var texts = rows.map(function (row) { return plain(row.textContent); });
  function apply() {
    var words = plain(find.value).split(/\s+/).filter(Boolean), shown = 0;
    rows.forEach(function (row, at) {
      var fits = words.every(function (word) { return texts[at].indexOf(word) >= 0; }) &&
        filters.every(function (filter) { return !filter.value || row.dataset[filter.dataset.filter] === filter.value; });
      row.hidden = !fits;
      if (fits) { shown += 1; }
    });
    count.textContent = count.dataset.words.replace("#", shown);
    nothing.hidden = shown > 0;
  }
  find.addEventListener("input", apply);
  filters.forEach(function (filter) { filter.addEventListener("change", apply); });
  document.querySelector(".filters").addEventListener("submit", function (event) { event.preventDefault(); });
  document.querySelector(".filters").addEventListener("reset", function () { setTimeout(apply, 0); });
})();

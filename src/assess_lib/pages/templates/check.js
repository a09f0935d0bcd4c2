(function () {
  "use strict";
  var table = document.getElementById("findings"), MANY = 10, ON_PAPER = 3;
  if (!table) { return; }
  var kinds = Array.from(table.tBodies);
  function fold(kind, folded) {
    kind.classList.toggle("folded", folded);
    kind.querySelector("button").setAttribute("aria-expanded", String(!folded));
  }
  kinds.forEach(function (kind) {
    var many = kind.rows.length > MANY + 1 && !kind.classList.contains("alone");
    kind.dataset.shut = kind.classList.contains("k-note") || many ? "yes" : "";
    fold(kind, Boolean(kind.dataset.shut));
    kind.querySelector("button").addEventListener("click", function () {
      kind.dataset.shut = kind.classList.contains("folded") ? "" : "yes";
      fold(kind, Boolean(kind.dataset.shut));
    });
  });
  /* Paper has the first of each kind: of those that are shown. */
  function forPaper() {
    kinds.forEach(function (kind) {
      var shown = Array.from(kind.rows).slice(1).filter(function (row) { return !row.hidden; });
      shown.forEach(function (row, at) { row.classList.toggle("later", at >= ON_PAPER); });
    });
  }
  forPaper();
  /* What is looked for is shown, folded or not; a kind of which nothing fits is not. */
  filterRows(table, function (row) { return row.textContent; }, function (find, filters) {
    var looking = find.value.trim() || filters.some(function (filter) { return filter.value; });
    kinds.forEach(function (kind) {
      kind.hidden = Array.from(kind.rows).slice(1).every(function (row) { return row.hidden; });
      fold(kind, !looking && Boolean(kind.dataset.shut));
    });
    table.classList.toggle("looking", Boolean(looking));
    forPaper();
  });
})();

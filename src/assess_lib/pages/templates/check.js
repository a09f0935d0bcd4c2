(function () {
  "use strict";
  var table = document.getElementById("findings");
  if (table) { filterRows(table, function (row) { return row.textContent; }); }
})();

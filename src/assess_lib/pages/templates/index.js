(function () {
  "use strict";
  var table = document.getElementById("teams"), body = table.tBodies[0], store = document.getElementById("rest");
  var form = document.querySelector(".filters"), find = document.getElementById("find"), count = document.getElementById("count");
  var nothing = document.getElementById("nothing"), more = document.getElementById("more"), map = document.getElementById("heatmap");
  var filters = Array.from(document.querySelectorAll("[data-filter]")), atOnce = Number(table.dataset.atOnce), limit = atOnce;
  var tiles = Array.from(document.querySelectorAll("button.sc-tile")), byGrade = document.querySelector("[data-filter=grade]");
  var byList = document.querySelector("[data-filter=listed]");
  var strip = document.getElementById("strip"), scale = strip.dataset.scale.split(" ").map(Number);
  var collator = new Intl.Collator("zh-Hans-CN", { numeric: true });
  var order = Array.from(body.rows).concat(store ? Array.from(store.content.querySelectorAll("tr")) : []), shown = order;
  function plain(text) { return text.normalize("NFKC").toLowerCase().trim(); }
  var texts = new Map(order.map(function (row) { return [row, plain(row.textContent + " " + row.dataset.find)]; }));

  function setBy(tile) { return tile.dataset.listed ? byList : byGrade; }
  function meant(tile) { return tile.dataset.listed || tile.dataset.grade; }
  function told(row, filter) {
    if (filter === byList) { return row.dataset.listed.split(" ").indexOf(filter.value) >= 0 ? filter.value : ""; }
    return filter.dataset.cell ? row.cells[Number(filter.dataset.cell)].textContent : row.dataset[filter.dataset.filter];
  }
  function draw() {
    body.replaceChildren.apply(body, shown.slice(0, limit));
    var left = shown.length - Math.min(limit, shown.length), button = more.querySelector("button");
    more.hidden = left === 0;
    button.textContent = button.dataset.words.replace("#", Math.min(atOnce, left));
    count.textContent = count.dataset.words.replace("#", shown.length);
    nothing.hidden = shown.length > 0;
    if (map && map.open) { paint(); }
  }
  function fits(row, words, but) {
    return words.every(function (word) { return texts.get(row).indexOf(word) >= 0; }) &&
      filters.every(function (filter) { return filter === but || !filter.value || told(row, filter) === filter.value; });
  }
  function apply() {
    var words = plain(find.value).split(/\s+/).filter(Boolean), state = new URLSearchParams();
    shown = order.filter(function (row) { return fits(row, words); });
    limit = atOnce;
    draw();
    if (find.value) { state.set("q", find.value); }
    filters.forEach(function (filter) { if (filter.value) { state.set(filter.dataset.filter, filter.value); } });
    tiles.forEach(function (tile) { tile.setAttribute("aria-pressed", String(setBy(tile).value === meant(tile))); });
    follow(words);
    history.replaceState(null, "", "#" + state.toString());
  }
  /* Tiles count what the other filters leave, and the strip marks the teams that are listed. */
  function follow(words) {
    var left = order.filter(function (row) { return fits(row, words, byGrade); }), counts = { "": left.length };
    left.forEach(function (row) { counts[row.dataset.grade] = (counts[row.dataset.grade] || 0) + 1; });
    order.filter(function (row) { return fits(row, words, byList); }).forEach(function (row) {
      row.dataset.listed.split(" ").filter(Boolean).forEach(function (name) { counts["list:" + name] = (counts["list:" + name] || 0) + 1; });
    });
    document.querySelectorAll("[data-count]").forEach(function (tile) { tile.querySelector("b").textContent = counts[tile.dataset.count] || 0; });
    var some = shown.length < order.length, svg = strip.querySelector("svg"), marks = svg.querySelector(".marks");
    if (!marks) {
      marks = document.createElementNS(svg.namespaceURI, "path");
      marks.setAttribute("class", "marks");
      svg.append(marks);
    }
    marks.setAttribute("d", some ? shown.map(function (row) {
      var x = scale[1] + (Number(row.cells[5].textContent) - scale[0]) / (scale[2] - scale[0]) * (scale[3] - scale[1]);
      return "M" + x.toFixed(1) + "," + (scale[4] - 4).toFixed(1) + "l4,7h-8z";
    }).join("") : "");
    document.getElementById("strip-marks").hidden = !some;
  }
  function value(row, at, number) {
    var cell = row.cells[at], text = cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent.trim();
    return number || cell.dataset.sort !== undefined ? Number(text) : text;
  }
  Array.from(table.tHead.rows[0].cells).forEach(function (head, at) {
    var button = head.querySelector("button"), number = button.dataset.kind === "number";
    button.addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === "ascending" || (head.getAttribute("aria-sort") === "none" && number && at > 0);
      Array.from(table.tHead.rows[0].cells).forEach(function (other) { other.setAttribute("aria-sort", "none"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      var keys = new Map(order.map(function (row) { return [row, value(row, at, number)]; }));
      order.sort(function (a, b) {
        var x = keys.get(a), y = keys.get(b), less = typeof x === "number" ? x - y : collator.compare(x, y);
        return down ? -less : less;
      });
      apply();
    });
  });
  tiles.forEach(function (tile) {
    tile.addEventListener("click", function () {
      var filter = setBy(tile), on = filter.value !== meant(tile);
      filter.value = on ? meant(tile) : "";
      apply();
      if (on && table.getBoundingClientRect().top > window.innerHeight * 0.7) { form.scrollIntoView(); }
    });
  });
  find.addEventListener("input", apply);
  filters.forEach(function (filter) { filter.addEventListener("change", apply); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  more.addEventListener("click", function (event) {
    if (event.target.tagName !== "BUTTON") { return; }
    limit = event.target.dataset.words ? limit + atOnce : shown.length;
    draw();
  });
  window.addEventListener("beforeprint", function () { limit = shown.length; draw(); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && document.activeElement !== find) { event.preventDefault(); find.focus(); }
  });

  /* The heat map: a line per indicator, a column per team in the order of the list; many teams share a column. */
  var LINE = 18, hint = document.getElementById("heat-told"), byLoss = document.getElementById("heat-by-loss"), lostOf = new Map();
  function shadeOf(sign, shades) {
    if (sign === "?") { return "#8E5AA8"; }
    var tenth = sign === "a" ? 10 : Number(sign);
    return shades[tenth < 5 ? 0 : Math.min(shades.length - 1, tenth < 7 ? 1 : tenth - 5)];
  }
  function middle(signs) {
    var known = signs.filter(function (sign) { return sign !== "-" && sign !== "?"; }).map(function (sign) { return sign === "a" ? 10 : Number(sign); });
    if (!known.length) { return signs.indexOf("?") >= 0 ? "?" : "-"; }
    var mean = Math.floor(known.reduce(function (sum, one) { return sum + one; }, 0) / known.length);
    return mean === 10 ? "a" : String(mean);
  }
  /* Hundredths of points lost by a team at a sign of the map; null where it does not apply. */
  function lost(row, at) {
    if (!lostOf.has(row)) { lostOf.set(row, (row.dataset.lost || "").split(",").map(Number)); }
    return row.dataset.heat.charAt(at) === "-" ? null : lostOf.get(row)[at] || 0;
  }
  /* The mean in whole hundredths, half up, and exactly, by which the lines are sorted; null where it applies to nobody. */
  function meanLost(rows, at) {
    var sum = 0, count = 0;
    rows.forEach(function (row) { var one = lost(row, at); if (one !== null) { sum += one; count += 1; } });
    return count ? { hundredths: Math.floor((2 * sum + count) / (2 * count)), exact: sum / count } : null;
  }
  function points(mean) { return mean ? (mean.hundredths / 100).toFixed(2) : "0"; }
  function column(canvas, at) {
    var width = canvas.width, from = Math.floor(at * shown.length / width), to = Math.max(from + 1, Math.floor((at + 1) * shown.length / width));
    return shown.slice(from, to);
  }
  function paint() {
    var shades = table.dataset.shades.split(" "), first = 0;
    Array.from(map.querySelectorAll(".heat-grid")).forEach(function (grid) {
      var canvas = grid.querySelector("canvas"), list = grid.querySelector("ol"), wide = Math.floor(canvas.clientWidth);
      var items = Array.from(list.children).map(function (item) {
        var at = Number(item.dataset.at), mean = meanLost(shown, first + at);
        item.querySelector("b").textContent = mean === null ? "–" : mean.hundredths ? "−" + points(mean) : "0";
        item.classList.toggle("whole", !mean || !mean.hundredths);
        return { item: item, at: at, mean: mean === null ? -1 : mean.exact };
      });
      items.sort(function (a, b) { return (byLoss.checked ? b.mean - a.mean : 0) || a.at - b.at; });
      list.replaceChildren.apply(list, items.map(function (one) { return one.item; }));
      var lines = items.length;
      canvas.width = Math.max(1, Math.min(wide, shown.length || 1));
      canvas.height = lines;
      canvas.style.height = lines * LINE + "px";
      canvas.dataset.first = first;
      var pen = canvas.getContext("2d");
      for (var x = 0; x < canvas.width && shown.length; x += 1) {
        var rows = column(canvas, x);
        for (var y = 0; y < lines; y += 1) {
          var sign = middle(rows.map(function (row) { return row.dataset.heat.charAt(first + items[y].at); }));
          if (sign === "-") { continue; } /* the hatching behind shows */
          pen.fillStyle = shadeOf(sign, shades);
          pen.fillRect(x, y, 1, 1);
        }
      }
      first += lines;
    });
  }
  function place(event) {
    var box = event.target.getBoundingClientRect(), canvas = event.target;
    var at = Math.min(canvas.width - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * canvas.width)));
    var line = Math.min(canvas.height - 1, Math.max(0, Math.floor((event.clientY - box.top) / box.height * canvas.height)));
    var item = canvas.parentNode.querySelectorAll("li")[line];
    return { rows: column(canvas, at), line: line, cell: [canvas.dataset.first, line, at].join("/"), deducts: "deducts" in item.dataset, sign: Number(canvas.dataset.first) + Number(item.dataset.at), name: item.querySelector("span").textContent };
  }
  function share(sign) { return sign === "a" ? "100%" : sign === "?" ? hint.dataset.missing : sign === "-" ? hint.dataset.none : sign === "0" ? "0–9%" : sign + "0–" + sign + "9%"; }
  var tapped = "", byTouch = false; /* a first tap tells, a second one on the same cell opens the page */
  if (map) {
    map.addEventListener("pointerdown", function (event) { byTouch = event.pointerType === "touch"; });
    map.addEventListener("toggle", function () { if (map.open) { paint(); } });
    byLoss.addEventListener("change", paint);
    window.addEventListener("resize", function () { if (map.open) { paint(); } });
    map.addEventListener("mousemove", function (event) {
      if (event.target.tagName !== "CANVAS" || !shown.length) { return; }
      var at = place(event), row = at.rows[0], alone = at.rows.length === 1, words = alone ? hint.dataset.one : hint.dataset.many;
      var sign = middle(at.rows.map(function (one) { return one.dataset.heat.charAt(at.sign); })), mean = meanLost(at.rows, at.sign);
      var amount = at.deducts ? (alone ? hint.dataset.takenOne : hint.dataset.takenMany) : alone ? hint.dataset.ofOne : hint.dataset.ofMany;
      var what = sign === "-" || sign === "?" ? share(sign) : amount
        .replace("{share}", share(sign)).replace("{lost}", points(mean));
      var told = { team: row.cells[1].firstChild.textContent, rank: row.cells[0].textContent, count: at.rows.length, name: at.name, what: what };
      hint.textContent = words.replace(/\{(\w+)\}/g, function (all, name) { return told[name]; });
    });
    map.addEventListener("click", function (event) {
      if (event.target.tagName !== "CANVAS" || !shown.length) { return; }
      var at = place(event), link = at.rows[0].cells[1].querySelector("a"), again = tapped === at.cell;
      tapped = at.cell;
      if (link && (again || !byTouch)) { location.href = link.getAttribute("href"); }
    });
  }

  var state = new URLSearchParams(location.hash.slice(1));
  find.value = state.get("q") || "";
  filters.forEach(function (filter) { if (state.get(filter.dataset.filter)) { filter.value = state.get(filter.dataset.filter); } });
  if (location.hash) { apply(); } else { draw(); }
})();

(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").content.textContent), table = document.getElementById("side"), words = data.words;
  var slots = Array.from(document.querySelectorAll("[data-slot]")), differ = document.getElementById("differ"), told = document.getElementById("told");
  var all = document.getElementById("all"), place = new Map(data.teams.map(function (team, at) { return [team[0], at]; }));
  function label(at) { return data.teams[at][0] + " " + data.teams[at][1]; }
  all.append.apply(all, data.teams.map(function (team, at) { var one = document.createElement("option"); one.value = label(at); return one; }));

  function cell(kind, text, classes) {
    var made = document.createElement(kind);
    made.textContent = text;
    if (classes) { made.className = classes; }
    return made;
  }
  function points(number) { return (number / 100).toFixed(2); }
  function sum(numbers) { return numbers.reduce(function (so_far, one) { return so_far + (one || 0); }, 0); }
  function alike(values) { return values.every(function (one) { return one === values[0]; }); }
  /* A line: the full mark stands beside the name where all teams have the same, else in each cell. */
  function line(name, cells, classes) {
    var row = document.createElement("tr"), full = cells.map(function (one) { return one.full; }), same = alike(full);
    row.className = classes || "";
    var head = cell("th", name);
    head.scope = "row";
    if (same && full[0]) { head.append(" ", cell("small", words.full.replace("#", points(full[0])))); }
    row.append(head);
    var most = Math.max.apply(null, cells.map(function (one) { return one.points === null ? -Infinity : one.full ? one.points / one.full : one.points; }));
    cells.forEach(function (one) {
      var share = one.full ? one.points / one.full : one.points;
      var made = cell("td", one.points === null ? words.none : points(one.points), one.points === null ? "off" : one.missing ? "wait" : "");
      if (one.points !== null && !same && one.full) { made.append(cell("small", "/ " + points(one.full))); }
      if (one.missing) { made.append(" ", cell("small", words.missing)); }
      if (one.points !== null && cells.length > 1 && share === most && !alike(cells.map(function (each) { return each.points; }))) { made.classList.add("best"); }
      if (one.points !== null && one.full) { var bar = document.createElement("i"); bar.style.setProperty("--s", Math.max(0, Math.min(100, 100 * share)) + "%"); made.append(bar); }
      row.append(made);
    });
    return row;
  }
  function plain(name, texts) {
    var row = document.createElement("tr"), head = cell("th", name);
    head.scope = "row";
    row.append(head);
    texts.forEach(function (text) { row.append(cell("td", text)); });
    return row;
  }
  function chosen() {
    var found = [], unknown = "";
    slots.forEach(function (slot) {
      var text = slot.value.trim(), id = text.split(" ")[0];
      if (place.has(id) && found.indexOf(place.get(id)) < 0) { found.push(place.get(id)); } else if (text && !place.has(id)) { unknown = text; }
    });
    told.textContent = unknown ? words.unknown.replace("#", unknown) : found.length < 2 ? words.empty : "";
    return found;
  }
  function draw() {
    var teams = chosen(), only = differ.checked;
    table.replaceChildren();
    history.replaceState(null, "", "#" + teams.map(function (at) { return data.teams[at][0]; }).join(","));
    if (!teams.length) { return; }
    var head = document.createElement("tr");
    head.append(cell("th", words.indicator));
    teams.forEach(function (at) {
      var column = document.createElement("th"), link = cell(data.teams[at][6] ? "a" : "span", data.teams[at][1]);
      column.scope = "col";
      if (data.teams[at][6]) { link.href = "teams/" + encodeURIComponent(data.teams[at][0]) + ".html"; }
      column.append(link, cell("small", data.teams[at][2] + " · " + data.teams[at][0]));
      head.append(column);
    });
    table.createTHead().append(head);
    var body = table.createTBody(), first = 0;
    body.append(plain(words.total, teams.map(function (at) { return data.teams[at][3]; })));
    body.append(plain(words.rank, teams.map(function (at) { return data.teams[at][4]; })));
    body.append(plain(words.grade, teams.map(function (at) { return data.teams[at][5]; })));
    data.groups.forEach(function (group, number) {
      var last = first + group.indicators.length;
      body.append(line(group.name, teams.map(function (at) {
        var mine = data.points[at].slice(first, last), full = sum(data.weights[data.set[at]].slice(first, last));
        return { points: full || sum(mine) ? sum(mine) + data.held[at][number] : null, full: full };
      }), "dim"));
      group.indicators.forEach(function (name, which) {
        var cells = teams.map(function (at) {
          return { points: data.points[at][first + which], full: data.weights[data.set[at]][first + which], missing: data.missing[at].indexOf(first + which) >= 0 };
        });
        if (cells.some(function (one) { return one.points !== null; }) && !(only && alike(cells.map(function (one) { return one.points; })))) { body.append(line(name, cells)); }
      });
      if (teams.some(function (at) { return data.held[at][number]; })) { body.append(line(words.held, teams.map(function (at) { return { points: data.held[at][number], full: 0 }; }))); }
      first = last;
    });
  }
  function read() {
    var ids = decodeURIComponent(location.hash.slice(1)).split(",").filter(function (id) { return place.has(id); });
    slots.forEach(function (slot, number) { slot.value = ids[number] ? label(place.get(ids[number])) : ""; });
    draw();
  }
  slots.forEach(function (slot) { slot.addEventListener("change", draw); slot.addEventListener("input", function () { if (place.has(slot.value.split(" ")[0])) { draw(); } }); });
  differ.addEventListener("change", draw);
  document.querySelector(".filters").addEventListener("submit", function (event) { event.preventDefault(); draw(); });
  document.querySelector(".filters").addEventListener("reset", function () { setTimeout(draw, 0); });
  window.addEventListener("hashchange", read);
  read();
}());

(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").content.textContent), table = document.getElementById("side"), words = data.words;
  var slots = Array.from(document.querySelectorAll("[data-slot]")), differ = document.getElementById("differ"), told = document.getElementById("told");
  var all = document.getElementById("all"), place = new Map(data.teams.map(function (team, at) { return [team[0], at]; })), tooMany = false;
  function filled(words, text) { return words.replace("#", function () { return text; }); }
  function plain(text) { return text.normalize("NFKC").toLowerCase().trim(); }
  function label(at) { return data.teams[at][0] + " " + data.teams[at][1]; }
  var exact = new Map(), texts = data.teams.map(function (team) { return plain(team.slice(0, 3).concat(team[6]).join(" ")); });
  data.teams.forEach(function (team, at) {
    [team[0], label(at), team[1]].map(plain).forEach(function (text) { exact.set(text, exact.has(text) && exact.get(text) !== at ? -1 : at); });
  });
  /* The teams that a text may mean: the one of that number or name, else all in which each of its words occurs. */
  function meant(text) {
    var words = plain(text), one = exact.get(words);
    if (one >= 0) { return [one]; }
    words = words.split(/\s+/);
    return texts.map(function (of, at) { return at; }).filter(function (at) { return words.every(function (word) { return texts[at].indexOf(word) >= 0; }); });
  }
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
  /* What decides which is best and which differ: the share of the full mark, points where there is none. */
  function share(one) { return one.points === null ? null : one.full ? one.points / one.full : one.points; }
  /* A line: the full mark stands beside the name where all teams have the same, else in each cell. */
  function line(name, cells, classes) {
    var row = document.createElement("tr"), full = cells.map(function (one) { return one.full; }), same = alike(full);
    row.className = classes || "";
    var head = cell("th", name);
    head.scope = "row";
    if (same && full[0]) { head.append(" ", cell("small", filled(words.full, points(full[0])))); }
    row.append(head);
    var shares = cells.map(share), known = shares.filter(function (one) { return one !== null; }), most = Math.max.apply(null, known);
    cells.forEach(function (one, at) {
      var made = cell("td", one.points === null ? words.none : points(one.points), one.points === null ? "off" : one.missing ? "wait" : "");
      if (one.points !== null && !same && one.full) { made.append(cell("small", "/ " + points(one.full))); }
      if (one.missing) { made.append(" ", cell("small", words.missing)); }
      if (shares[at] === most && !alike(known)) { made.classList.add("best"); }
      if (one.points !== null && one.full) { var bar = document.createElement("i"); bar.style.setProperty("--s", Math.max(0, Math.min(100, 100 * shares[at])) + "%"); made.append(bar); }
      row.append(made);
    });
    return row;
  }
  function texted(name, texts) {
    var row = document.createElement("tr"), head = cell("th", name);
    head.scope = "row";
    row.append(head);
    texts.forEach(function (text) { row.append(cell("td", text)); });
    return row;
  }
  function chosen() {
    var found = [], notes = [];
    slots.forEach(function (slot) {
      var text = slot.value.trim(), fits = text ? meant(text) : [];
      if (!text) { return; }
      if (fits.length !== 1) { notes.push(filled(fits.length ? words.several : words.unknown, text)); }
      else if (found.indexOf(fits[0]) >= 0) { notes.push(filled(words.twice, data.teams[fits[0]][1])); }
      else { found.push(fits[0]); }
    });
    if (found.length < 2) { notes.push(words.empty); }
    told.textContent = notes.concat(tooMany ? [words.too_many] : []).join(words.between);
    return found;
  }
  function draw() {
    var teams = chosen(), only = differ.checked;
    table.replaceChildren();
    history.replaceState(null, "", "#" + teams.map(function (at) { return encodeURIComponent(data.teams[at][0]); }).join(","));
    if (!teams.length) { return; }
    var head = document.createElement("tr");
    head.append(cell("th", words.indicator));
    teams.forEach(function (at) {
      var column = document.createElement("th"), link = cell("a", data.teams[at][1]);
      column.scope = "col";
      link.href = "index.html#q=" + encodeURIComponent(data.teams[at][0]);
      column.append(link, cell("small", data.teams[at][2] + " · " + data.teams[at][0]));
      head.append(column);
    });
    table.createTHead().append(head);
    var body = table.createTBody(), first = 0;
    body.append(texted(words.total, teams.map(function (at) { return data.teams[at][3]; })));
    body.append(texted(words.rank, teams.map(function (at) { return data.teams[at][4]; })));
    body.append(texted(words.grade, teams.map(function (at) { return data.teams[at][5]; })));
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
        if (cells.some(function (one) { return one.points !== null; }) && !(only && alike(cells.map(share)))) { body.append(line(name, cells)); }
      });
      if (teams.some(function (at) { return data.held[at][number]; })) { body.append(line(words.held, teams.map(function (at) { return { points: data.held[at][number], full: 0 }; }))); }
      first = last;
    });
  }
  function read() {
    var ids = location.hash.slice(1).split(",").filter(Boolean).map(function (id) {
      try { return decodeURIComponent(id); } catch (error) { return id; }  /* an address that somebody cut is no reason to show nothing */
    });
    slots.forEach(function (slot, number) { slot.value = !ids[number] ? "" : place.has(ids[number]) ? label(place.get(ids[number])) : ids[number]; });
    tooMany = ids.length > slots.length;
    draw();
  }
  slots.forEach(function (slot) {
    slot.addEventListener("change", function () { tooMany = false; draw(); });
    slot.addEventListener("input", function () { if (exact.get(plain(slot.value)) >= 0) { tooMany = false; draw(); } });
  });
  differ.addEventListener("change", draw);
  document.querySelector(".filters").addEventListener("submit", function (event) { event.preventDefault(); draw(); });
  document.querySelector(".filters").addEventListener("reset", function () { tooMany = false; setTimeout(draw, 0); });
  window.addEventListener("hashchange", read);
  read();
}());

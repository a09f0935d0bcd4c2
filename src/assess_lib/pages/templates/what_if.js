(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").content.textContent), words = data.words, at = function (id) { return document.getElementById(id); };
  var KINDS = { d: "dimensions", i: "indicators", g: "limits" }, MOST = 1000, AT_ONCE = 50, digits = String(data.per_point).length - 1, LINES = 2;
  var fields = Array.from(document.querySelectorAll("input[data-kind]")), list = at("list"), find = at("find"), rank_words = document.querySelectorAll("#teams-moved thead th")[3].textContent, found = at("found"), every = false, shown = null;
  var trial = whatIf(data), start = trial.start, official = data.official, of_indicator = {}, inside = {};
  data.dimensions.forEach(function (dimension) {
    inside[dimension.id] = [];
    dimension.groups.forEach(function (group) { group.indicators.forEach(function (one) { of_indicator[one.id] = Object.keys(of_indicator).length; inside[dimension.id].push(one.id); }); });
  });

  function worded(text) { var given = arguments; return text.replace(/#(\d)/g, function (_, number) { return given[number]; }); }
  function made(kind, text, classes) { var one = document.createElement(kind); one.textContent = text; if (classes) { one.className = classes; } return one; }
  function points(steps) { return (steps / data.per_point).toFixed(2); }
  function plain(number) { return String(Math.round(number * 1e6) / 1e6); }
  function name_of(field) { return document.querySelector("label[for=" + field.id + "]").textContent; }
  function official_of(field) { return field.defaultValue.replace(/,/g, ""); }
  function field_of(kind, id) { return at(kind + "-" + id); }
  function text_of(field) {
    var text = field.value.normalize("NFKC").trim();
    return /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replace(/,/g, "") : text; /* a comma elsewhere may be a decimal one */
  }
  function same(field) { return text_of(field) === official_of(field) || Number(text_of(field) || "x") === Number(official_of(field)); }
  function places(field) { return field.dataset.kind === "g" ? LINES : digits; }
  function readable(field) {
    var text = text_of(field), decimals = (text.split(".")[1] || "").length;
    return same(field) || (/^\d{1,4}(\.\d+)?$/.test(text) && decimals <= places(field) && Number(text) <= MOST);
  }
  function tell(field, text, wrong) {
    var told = at(field.id + "-told");
    if (field.disabled && !wrong) { return; }
    told.textContent = text;
    told.className = wrong ? "wrong" : "";
    if (wrong) { field.setAttribute("aria-invalid", "true"); } else { field.removeAttribute("aria-invalid"); }
  }

  /* ---- what is moved, and what is wrong with it ---- */
  function moved() { return fields.filter(function (field) { return !same(field); }); }
  function changes() {
    var all = { dimensions: {}, indicators: {}, limits: {} };
    moved().forEach(function (field) { all[KINDS[field.dataset.kind]][field.dataset.id] = text_of(field); });
    return all;
  }
  function refused(answer) {
    var key = answer.refused, where = [];
    if (key === "limits") { where = [field_of("g", answer.at)]; }
    if (key === "no_weight") { where = answer.at ? inside[answer.at].map(function (id) { return field_of("i", id); }) : fields.filter(function (field) { return field.dataset.kind === "d"; }); }
    if (key === "fixed") { where = moved().filter(function (field) { return field.dataset.kind !== "g"; }); }
    var text = { limits: words.wrong_limits, no_weight: words.wrong_weight, fixed: worded(words.wrong_fixed, name_of(field_of("i", key === "fixed" ? answer.at : Object.keys(of_indicator)[0]))) }[key];
    where.forEach(function (field) { tell(field, text, true); });
    return where[0];
  }
  function update() {
    var unreadable = fields.filter(function (field) { tell(field, "", false); return !readable(field); });
    unreadable.forEach(function (field) { tell(field, worded(words.wrong_number, MOST, places(field)), true); });
    var answer = unreadable.length ? null : trial.outcome(changes()), wrong = unreadable[0] || (answer.refused ? refused(answer) : null);
    if (wrong) {
      var around = wrong.closest("details");
      if (around) { around.open = true; }
    }
    found.classList.toggle("stale", Boolean(wrong));
    found.inert = Boolean(wrong);
    at("told").classList.toggle("wrong", Boolean(wrong));
    if (!wrong) { shown = answer; draw_moves(); draw(); } else if (!shown) { shown = start; draw(); }
    if (wrong) { at("told").textContent = worded(words.wrong, name_of(wrong)); }
    remember();
  }

  /* ---- the view ---- */
  function draw_moves() {
    var several = moved();
    fields.forEach(function (field) {
      var kind = field.dataset.kind, force = kind === "d" ? shown.dimensions[data.dimensions.findIndex(function (one) { return one.id === field.dataset.id; })] : shown.indicators[of_indicator[field.dataset.id]];
      if (kind !== "g" && Math.abs(force - Number(text_of(field))) > 1e-9) { tell(field, worded(words.counts_as, plain(force)), false); }
      field.classList.toggle("moved", !same(field));
    });
    function typed(kind, ids) { return ids.reduce(function (sum, id) { return sum + Number(text_of(field_of(kind, id))); }, 0); }
    function total(sum, into) { return Math.abs(sum - into) > 1e-9 ? worded(words.sum_other, plain(sum), plain(into)) : worded(words.sum, plain(sum)); }
    at("sum").textContent = total(typed("d", data.dimensions.map(function (one) { return one.id; })), start.dimensions.reduce(function (a, b) { return a + b; }, 0));
    data.dimensions.forEach(function (one, d) {
      var any = inside[one.id].some(function (id) { return !same(field_of("i", id)); });
      document.querySelector("[data-sum=" + one.id + "]").textContent = any ? total(typed("i", inside[one.id]), shown.dimensions[d]) : "";
    });
    at("changed").replaceChildren.apply(at("changed"), several.length ? several.map(function (field) {
      var told = at(field.id + "-told").textContent;
      return made("li", worded(words.became, name_of(field), official_of(field), text_of(field)) + (told ? worded(words.aside, told) : ""));
    }) : [made("li", words.unmoved)]);
  }
  function draw() {
    var body = document.querySelector("#grades tbody");
    body.replaceChildren.apply(body, data.grade_names.map(function (name, grade) {
      var row = document.createElement("tr"), before = tally(start.grade, grade), after = tally(shown.grade, grade), head = document.createElement("th");
      head.scope = "row";
      head.append(made("span", name, "grade g" + data.tones[grade]));
      row.append(head, made("td", before, "n"), made("td", after, "n"), signed(after - before, String(Math.abs(after - before))));
      return row;
    }));
    at("below").textContent = shown.below || start.below ? worded(words.below, start.below, shown.below) : "";
    at("told").textContent = worded(words.told, differing("total"), differing("rank"), differing("grade"));
    draw_list();
  }
  function tally(grades, grade) { var count = 0; grades.forEach(function (one) { if (one === grade) { count += 1; } }); return count; }
  function differing(what) { var count = 0; shown[what].forEach(function (value, team) { if (value !== start[what][team]) { count += 1; } }); return count; }
  function signed(change, text) { return made("td", change ? (change > 0 ? "▲ " : "▼ ") + text : "–", "n " + (change > 0 ? "up" : change < 0 ? "down" : "")); }
  function pair(before, after) { return before === after ? String(after) : before + " → " + after; }
  function wanted() {
    var sought = find.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean), teams = data.teams.map(function (_, team) { return team; });
    function graded(team) { return shown.grade[team] !== start.grade[team]; }
    function change(team) { return Math.abs(shown.total[team] - start.total[team]); }
    teams = teams.filter(function (team) {
      var fits = list.value === "all" || graded(team) || (list.value === "" && (change(team) || shown.rank[team] !== start.rank[team]));
      return fits && sought.every(function (word) { return data.teams[team].join(" ").normalize("NFKC").toLowerCase().indexOf(word) >= 0; });
    });
    return teams.sort(function (a, b) {
      return (list.value === "all" ? 0 : graded(b) - graded(a) || change(b) - change(a)) || shown.rank[a] - shown.rank[b] || a - b;
    });
  }
  function line(team) {
    var about = data.teams[team], row = document.createElement("tr"), name = document.createElement("td"), link = made("a", about[1]);
    link.href = "index.html#q=" + encodeURIComponent(about[0]);
    name.append(link, made("small", about[0] + " · " + about[2] + (data.provisional[team] ? " · " + words.provisional : "")));
    var change = shown.total[team] - start.total[team], total = made("td", pair(points(start.total[team]), points(shown.total[team])), "n");
    if (change) { total.append(made("small", (change > 0 ? "▲ " : "▼ ") + points(Math.abs(change)), change > 0 ? "up" : "down")); }
    var grade = document.createElement("td"), chips = [start.grade[team], shown.grade[team]].map(function (place) { return made("span", data.grade_names[place], "grade g" + data.tones[place]); });
    if (start.grade[team] === shown.grade[team]) { grade.append(chips[1]); } else { grade.append(chips[0], " → ", chips[1]); }
    var rank = made("td", pair(start.rank[team], shown.rank[team]), "n");
    rank.dataset.name = rank_words;
    row.append(name, total, rank, grade);
    return row;
  }
  function draw_list() {
    var teams = wanted(), body = document.querySelector("#teams-moved tbody"), most = every ? teams.length : Math.min(AT_ONCE, teams.length);
    body.replaceChildren.apply(body, teams.slice(0, most).map(line));
    document.getElementById("teams-moved").hidden = !teams.length;
    at("count").textContent = teams.length ? worded(words.shown, most, teams.length) : list.value || find.value ? words.none : words.nobody;
    at("more").hidden = most === teams.length;
  }

  /* ---- the address of the view ---- */
  function remember() {
    var parts = moved().map(function (field) { return field.dataset.kind + "." + field.dataset.id + "=" + encodeURIComponent(text_of(field)); });
    if (list.value) { parts.push("list=" + list.value); }
    if (find.value) { parts.push("q=" + encodeURIComponent(find.value)); }
    at("address").href = "#" + parts.join("&");
    try { history.replaceState(null, "", "#" + parts.join("&")); } catch (error) { /* a browser that takes only so many a minute */ }
  }
  function decoded(text) { try { return decodeURIComponent(text); } catch (error) { return null; } }
  function recall() {
    var strange = [];
    fields.forEach(function (field) { field.value = field.defaultValue; });
    list.value = find.value = "";
    location.hash.slice(1).split("&").filter(Boolean).forEach(function (part) {
      var cut = part.indexOf("="), key = part.slice(0, cut), value = decoded(part.slice(cut + 1)), dot = key.indexOf(".");
      var field = fields.find(function (one) { return one.dataset.kind + "." + one.dataset.id === key; });
      if (value !== null && cut > 0 && key === "q") { find.value = value; }
      else if (key === "list" && ["graded", "all"].indexOf(value) >= 0) { list.value = value; }
      else if (value !== null && dot > 0 && field && !field.disabled) { field.value = value; }
      else { strange.push(part); }
    });
    at("strange").hidden = !strange.length;
    at("strange").textContent = worded(words.wrong_link, strange.join(", "));
    update();
  }

  ["total", "rank", "grade"].forEach(function (what) {
    if (official[what].some(function (value, team) { return value !== start[what][team]; })) { at("strange").hidden = false; at("strange").textContent = words.differs; fields.forEach(function (field) { field.disabled = true; }); found.hidden = true; trial = null; }
  });
  if (!trial) { return; }
  fields.forEach(function (field) {
    field.addEventListener("input", update);
    field.addEventListener("keydown", function (event) {
      var by = { ArrowUp: 0.5, ArrowDown: -0.5 }[event.key], size = Math.pow(10, places(field));
      if (!by || !readable(field)) { return; }
      event.preventDefault();
      field.value = String(Math.max(0, Math.round((Number(text_of(field)) + (digits ? by : 2 * by)) * size) / size));
      update();
    });
  });
  list.addEventListener("change", function () { every = false; if (shown) { draw_list(); } remember(); });
  find.addEventListener("input", function () { every = false; if (shown) { draw_list(); } remember(); });
  at("more").firstElementChild.addEventListener("click", function () { every = true; draw_list(); });
  at("print").addEventListener("click", function () { window.print(); });
  at("moves").addEventListener("submit", function (event) { event.preventDefault(); });
  at("moves").addEventListener("reset", function (event) {
    event.preventDefault();
    fields.forEach(function (field) { field.value = field.defaultValue; });
    at("strange").hidden = true;
    update();
  });
  window.addEventListener("hashchange", recall);
  recall();
}());

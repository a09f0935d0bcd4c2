(function () {
  "use strict";
  var home = document.getElementById("remarks");
  if (!home) { return; }
  var words = home.dataset, key = ["assess-remarks", words.year, words.edition, words.team].join("/");
  var form = document.getElementById("remark-form"), by = document.getElementById("remark-by"), text = document.getElementById("remark-words");
  var chosen = document.getElementById("remark-indicator"), list = document.getElementById("remark-list");
  var count = document.getElementById("remark-count"), save = document.getElementById("remark-save");
  var kept = [];
  function stored(name, value) {
    try {
      if (value === undefined) { return localStorage.getItem(name); }
      localStorage.setItem(name, value);
    } catch (error) { /* a browser that keeps nothing for files: the remarks last as long as the page */ }
    return null;
  }
  function element(name, content, parent) {
    var made = document.createElement(name);
    made.textContent = content;
    if (parent) { parent.appendChild(made); }
    return made;
  }
  function nameOf(indicator) {
    var option = Array.from(chosen.options).find(function (one) { return one.value === indicator; });
    return option ? option.textContent : indicator;
  }
  function draw() {
    list.replaceChildren();
    kept.forEach(function (remark, at) {
      var item = element("li", "", list), remove;
      element("b", nameOf(remark.indicator), item);
      element("span", " " + remark.words + " — " + remark.by + " ", item);
      remove = element("button", words.remove, item);
      remove.type = "button";
      remove.setAttribute("aria-label", words.remove + " " + nameOf(remark.indicator));
      remove.addEventListener("click", function () { kept.splice(at, 1); keep(); });
    });
    count.textContent = kept.length ? words.count.replace("#", kept.length) : words.none;
    save.disabled = kept.length === 0;
  }
  function keep() { stored(key, JSON.stringify(kept)); draw(); }
  element("option", words.all, chosen).value = "";
  Array.from(document.querySelectorAll("details[id^='e-']")).forEach(function (details) {
    var id = details.id.slice(2), row = document.querySelector("a[href='#" + details.id + "']");
    element("option", row ? row.textContent : id, chosen).value = id;
    var button = element("button", words.write, details.querySelector("div"));
    button.type = "button";
    button.className = "remark-write";
    button.addEventListener("click", function () { chosen.value = id; home.scrollIntoView(); (by.value ? text : by).focus(); });
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (!by.value.trim() || !text.value.trim()) { return; }
    kept.push({ indicator: chosen.value, by: by.value.trim(), words: text.value.trim(), at: new Date().toISOString() });
    stored("assess-remarks/by", by.value.trim());
    text.value = "";
    keep();
  });
  save.addEventListener("click", function () {
    var file = { format: "assess-remarks 1", year: Number(words.year), team: words.team, edition: words.edition, remarks: kept };
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(file, null, 1) + "\n"], { type: "application/json" }));
    link.download = "remarks-" + words.year + "-" + words.team + ".json";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  });
  by.value = stored("assess-remarks/by") || "";
  try { kept = JSON.parse(stored(key) || "[]"); } catch (error) { kept = []; }
  if (!Array.isArray(kept)) { kept = []; }
  home.hidden = false;
  draw();
})();

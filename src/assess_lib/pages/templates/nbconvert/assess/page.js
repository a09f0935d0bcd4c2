(function () {
  "use strict";
  var root = document.documentElement, button = document.getElementById("code-switch");
  button.addEventListener("click", function () {
    var shown = root.classList.toggle("show-code");
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
  });
  function open(id) {
    var goal = id && document.getElementById(id);
    if (goal && goal.tagName === "DETAILS") { goal.open = true; goal.scrollIntoView(); }
  }
  window.addEventListener("hashchange", function () { open(location.hash.slice(1)); });
  open(location.hash.slice(1));
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    closed.forEach(function (item) { item.open = true; });
  });
  window.addEventListener("afterprint", function () { closed.forEach(function (item) { item.open = false; }); });
})();

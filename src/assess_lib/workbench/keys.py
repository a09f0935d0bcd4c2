"""Keys pressed in the workbench are the workbench's: JupyterLab takes arrows and Enter in a notebook for itself."""

from __future__ import annotations

from collections.abc import Callable

import anywidget
import traitlets

UNTOUCHED, DOUBT, PREVIOUS, NEXT = "n", "d", "[", "]"
TABS = ("1", "2", "3", "4", "5")
TO_FORM, TO_LIST = "Enter", "Escape"  # from the list to the form, and from a field back to the list


class OwnKeys(anywidget.AnyWidget):
    """Shows nothing; sends single keys to Python, and puts the focus where it is told.

    Whatever has the focus in the workbench is marked as a place where JupyterLab's shortcuts do not hold. The mark belongs on
    the element itself: JupyterLab looks for its shortcuts from there upwards. A click on what takes no focus, and what had it and
    is hidden, give it to the workbench as a whole, else the next key would be a command to the notebook.

    Parameters: ``act`` is called with each key of this module that is pressed outside of fields for text.
    """

    _esm = """
    const TYPED = "textarea, [contenteditable=true], input:not([type=checkbox]):not([type=radio]):not([type=range]):not([type=button])";
    function render({ model, el }) {
      let home = null;
      const own = event => event.target.setAttribute("data-lm-suppress-shortcuts", "true");
      const pressed = event => {
        if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
        const listed = event.target.closest(".wb-list select"), typed = event.target.matches(TYPED);
        const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
        const ours = key === "Escape" ? typed : !typed && (model.get("taken").includes(key) || (key === "Enter" && listed));
        if (!ours) return;
        event.preventDefault();
        event.stopPropagation();
        model.send({ key });
      };
      const kept = event => setTimeout(() => {
        if (!event.relatedTarget && document.activeElement === document.body) home.focus({ preventScroll: true });
      }, 0);
      const mark = () => {
        home = el.closest(".wb");
        if (!home) { requestAnimationFrame(mark); return; }
        home.tabIndex = -1;
        home.addEventListener("focusin", own);
        home.addEventListener("keydown", pressed, true);
        home.addEventListener("focusout", kept);
      };
      const focus = (message, tries = 40) => {
        if (!message.focus || !home) return;
        const found = [...home.querySelectorAll(message.focus)].find(e => e.checkVisibility() && !e.disabled);
        if (found && !found.matches("a, button, input, select, textarea, [tabindex]")) found.tabIndex = -1;
        if (found) found.focus();
        else if (tries) setTimeout(() => focus(message, tries - 1), 50);
      };
      mark();
      model.on("msg:custom", focus);
      return () => {
        model.off("msg:custom", focus);
        if (!home) return;
        home.removeEventListener("focusin", own);
        home.removeEventListener("keydown", pressed, true);
        home.removeEventListener("focusout", kept);
      };
    }
    export default { render };
    """

    taken = traitlets.List([UNTOUCHED, DOUBT, PREVIOUS, NEXT, *TABS]).tag(sync=True)

    def __init__(self, act: Callable[[str], None]) -> None:
        super().__init__()
        self.on_msg(lambda _, content, __: act(str(content.get("key", ""))) if isinstance(content, dict) else None)

    def focus(self, selector: str) -> None:
        """Give the focus to the first visible element of the workbench that a CSS selector finds."""
        self.send({"focus": selector})

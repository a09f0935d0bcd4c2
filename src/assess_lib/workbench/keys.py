"""Keys pressed in the workbench are the workbench's: JupyterLab takes arrows and Enter in a notebook for itself."""

from __future__ import annotations

import anywidget


class OwnKeys(anywidget.AnyWidget):
    """Shows nothing; marks whatever has the focus in the workbench as a place where JupyterLab's shortcuts do not hold.

    The mark belongs on the element itself: JupyterLab looks for its shortcuts from there upwards.
    """

    _esm = """
    function render({ el }) {
      const mark = () => {
        const home = el.closest(".wb");
        if (home) { home.addEventListener("focusin", event => event.target.setAttribute("data-lm-suppress-shortcuts", "true")); }
        else { requestAnimationFrame(mark); }
      };
      mark();
    }
    export default { render };
    """

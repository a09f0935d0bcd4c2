"""The list of a team's indicators: grouped by focal point, within it the largest loss first, a sign for the state of each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import anywidget
import traitlets

from assess_lib.scorecard.lines import IndicatorLine
from assess_lib.scorecard.scorecard import Scorecard
from assess_lib.scorecard.wording import points_text
from assess_lib.words import translate

BY_FOCAL_POINT, BY_LOSS = ORDERS = ("by_focal_point", "by_loss")
FIGURE_SPACE = "\u2007"


class IndicatorList(anywidget.AnyWidget):
    """A list to choose from, of the browser's own kind, so that arrows work; headings cannot be chosen.

    ``groups`` hold a heading (``label``) and ``options``, each with the id that it stands for (``value``), its words, its words
    for those who hear them (``said``), and whether it is new to the evaluator (``unseen``). ``value`` is the id chosen.
    """

    _esm = """
    function render({ model, el }) {
      const select = document.createElement("select");
      select.size = 12;
      el.replaceChildren(select);
      const choose = () => { select.value = model.get("value"); };
      const name = () => select.setAttribute("aria-label", model.get("label"));
      const list = () => {
        const top = select.scrollTop;
        select.replaceChildren(...model.get("groups").map(each => {
          const group = document.createElement("optgroup");
          group.label = each.label;
          group.append(...each.options.map(one => {
            const option = document.createElement("option");
            option.value = one.value;
            option.textContent = one.label;
            option.setAttribute("aria-label", one.said);
            option.title = one.said;
            option.classList.toggle("wb-unseen", one.unseen);
            return option;
          }));
          return group;
        }));
        choose();
        select.scrollTop = top;
        const chosen = select.selectedOptions[0];
        if (chosen && document.activeElement !== select) chosen.scrollIntoView({ block: "nearest" });
      };
      select.addEventListener("change", () => { model.set("value", select.value); model.save_changes(); });
      name(); list();
      model.on("change:groups", list);
      model.on("change:value", choose);
      model.on("change:label", name);
      return () => { model.off("change:groups", list); model.off("change:value", choose); model.off("change:label", name); };
    }
    export default { render };
    """
    groups: Any = traitlets.List().tag(sync=True)
    value: Any = traitlets.Unicode().tag(sync=True)
    label: Any = traitlets.Unicode().tag(sync=True)

    @property
    def options(self) -> list[tuple[str, str]]:
        """Words and id of every indicator, from top to bottom."""
        return [(option["label"], option["value"]) for group in self.groups for option in group["options"]]


def in_order(card: Scorecard, order: str) -> list[list[IndicatorLine]]:
    """The indicators of a team in groups: by focal point, or all in one; the largest loss first, what does not apply last."""
    lines = sorted(card.lines, key=lambda line: (not _applies(line), -line.lost))
    if order == BY_LOSS:
        return [lines]
    return [[line for line in lines if line.dimension == dimension.id] for dimension in card.dimensions]


def listed(card: Scorecard, order: str, looked: Collection[str]) -> list[dict[str, object]]:
    """The groups of the list, with the points of each focal point of its full mark in force."""
    disputed = {line.indicator for line in card.disputes if line.state == "received"}
    return [
        {
            "label": heading,
            "options": [
                _option(line, _state(line, disputed), line.id not in looked and _applies(line), card.lang)
                for line in lines
            ],
        }
        for heading, lines in zip(_headings(card, order), in_order(card, order))
    ]


def _headings(card: Scorecard, order: str) -> list[str]:
    def heading(name: str, points: float, weight: float, applies: bool = True) -> str:
        key = "workbench.list.heading" if applies else "workbench.list.heading_none"
        return translate(key, card.lang, name=name, points=points_text(points), weight=points_text(weight))

    if order == BY_LOSS:
        total, whole = float(card.score["total"]), sum(line.weight for line in card.dimensions)
        return [heading(translate("workbench.list.total", card.lang), total, whole)]
    return [heading(each.name, each.points, each.weight, each.applies) for each in card.dimensions]


def _option(line: IndicatorLine, state: str, unseen: bool, lang: str) -> dict[str, object]:
    def word(key: str, **values: object) -> str:
        return translate(f"workbench.list.{key}", lang, **values)

    points, weight = line.points_words.rjust(5, FIGURE_SPACE), line.weight_words.ljust(5, FIGURE_SPACE)
    number = f"{points} / {weight}" if _applies(line) else word("inapplicable")
    said = [line.name, word(f"state.{state}")]
    if _applies(line):
        said.append(word("said", points=line.points_words, weight=line.weight_words, lost=points_text(line.lost)))
        said.append(word("unseen" if unseen else "seen"))
    label = f"{word(state)} {number} {line.name}"
    return {"value": line.id, "label": label, "said": word("comma").join(said), "unseen": unseen}


def _state(line: IndicatorLine, disputed: set[str]) -> str:
    if line.id in disputed:
        return "disputed"
    if line.judgement:
        return line.judgement
    provisional = line.waits or (line.status == "no_evidence" and line.counts and line.missing == "provisional")
    return "provisional" if provisional else line.status


def _applies(line: IndicatorLine) -> bool:
    return line.status != "not_applicable"

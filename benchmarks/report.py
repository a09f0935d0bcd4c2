"""How measurements are told: plain tables, and ratios with what was asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """A ratio that was measured, and its bound."""

    name: str
    value: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool:
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)

    @staticmethod
    def lines(ratios: Sequence[Ratio]) -> str:
        """A table of ratios: measured, asked, met or not."""
        rows = []
        for ratio in ratios:
            asked = f"≥ {ratio.at_least:g}" if ratio.at_least is not None else f"≤ {ratio.at_most:g}"
            rows.append([ratio.name, f"{ratio.value:.2f}", asked, "met" if ratio.met else "NOT MET"])
        return table(["ratio", "measured", "asked", ""], rows)


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"

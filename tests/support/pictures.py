"""The pictures of the guide, from the sample published for real: python tests/support/pictures.py FOLDER."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assess_lib.publishing.edition import PublishRequest, publish  # noqa: E402
from assess_lib.review.acts import open_review  # noqa: E402
from assess_lib.runs.batch import run_year  # noqa: E402
from support.browser import browser  # noqa: E402
from support.situations import SAMPLE  # noqa: E402


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as home, browser() as chrome:
        data = Path(shutil.copytree(SAMPLE, Path(home) / "data"))
        review = open_review(data, 2016)
        for stage in ("reply", "audit", "final"):
            review.move_to_stage(list(review.computed.scores.index), stage, "赵主任", on="2017-01-20")
        run_year(data, 2016, Path(home) / "run")
        site = publish(Path(home) / "run", Path(home) / "out", PublishRequest(pdf=False)).folder
        page = chrome.new_page(viewport={"width": 1280, "height": 800})

        def shot(name: str, address: str, to: str = "", act=lambda: None) -> None:
            path, _, trial = address.partition("#")
            page.goto((site / path).as_uri() + (f"#{trial}" if trial else ""))
            act()
            if to:
                page.locator(to).first.evaluate("e => e.scrollIntoView()")
            page.wait_for_timeout(300)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(96).save(folder / f"publish-{name}.png", optimize=True)

        def heat() -> None:
            page.click("#heatmap summary")
            page.locator("canvas").nth(1).hover(position={"x": 300, "y": 60})

        shot("1-index", "index.html")
        shot("2-heat", "index.html", "#heatmap", heat)
        shot("3-county", next((site / "counties").glob("*.html")).relative_to(site).as_posix())
        shot("4-neighbours", "teams/T0005.html", "#section-neighbours")
        shot("5-circular", "circular.html")
        shot("6-what-if", "what_if.html#g.excellent=88&d.fund_use=40")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

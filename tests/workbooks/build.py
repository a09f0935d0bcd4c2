"""Makes the three workbooks in this folder: python tests/workbooks/build.py (LibreOffice must be there for the last).

They hold the same rows of a made-up county: written by xlsxwriter, by openpyxl, and saved by LibreOffice.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from support.filled import fill  # noqa: E402

from assess_lib.sample.dataset import sample_world  # noqa: E402
from assess_lib.sample.workbooks import _book  # noqa: E402
from assess_lib.tables.template import OF_PROVINCE, write_template  # noqa: E402

SEED, YEAR, ROWS = 20, 2016, 40


def tables() -> dict:
    """The tables of one small county, the long ones cut short."""
    world = sample_world(2, SEED, (YEAR,))
    found = world.county_tables(0)[YEAR]
    found["members"] = found["members"].assign(on_duty_from=f"{YEAR}-01-01")
    return {name: table.head(ROWS) for name, table in found.items() if name not in OF_PROVINCE}


def main() -> None:
    import numpy as np

    rows = tables()
    with tempfile.TemporaryDirectory() as folder:
        template = write_template(
            Path(folder) / "template.xlsx", YEAR, {n: rows[n] for n in ("teams", "villages")}, "县"
        )
        fill(template, rows, HERE / "openpyxl.xlsx")
        _book(HERE / "xlsxwriter.xlsx", rows, [], np.random.default_rng(3), YEAR)
        command = ["soffice", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder]
        subprocess.run([*command, str(HERE / "openpyxl.xlsx")], check=True, capture_output=True)
        (HERE / "libreoffice.xlsx").write_bytes((Path(folder) / "openpyxl.xlsx").read_bytes())


if __name__ == "__main__":
    main()

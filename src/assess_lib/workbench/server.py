"""JupyterLab's server without a grammar that it does not need: ``python -m assess_lib.workbench.server``, as ``jupyter lab``.

``jsonschema`` looks for ``rfc3987_syntax``, to check addresses in letters of any script, which no schema of the server asks for;
that package works out a whole grammar when it is imported, a second or more of processor time.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as if it were not installed

if __name__ == "__main__":
    from jupyterlab.labapp import main

    sys.exit(main())

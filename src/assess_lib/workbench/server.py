"""JupyterLab's server, started in less than half the time: ``python -m assess_lib.workbench.server``, as ``jupyter lab``.

``jsonschema`` looks for ``rfc3987_syntax``, to check addresses in letters of any script, which no schema of the server asks for;
that package works out a whole grammar when it is imported.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as if it were not installed

if __name__ == "__main__":
    from jupyterlab.labapp import main

    sys.exit(main())

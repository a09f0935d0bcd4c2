"""JupyterLab's server, started quickly: ``python -m assess_lib.workbench.server``, as ``jupyter lab``."""

import sys

from assess_lib.light_imports import WEB_ADDRESSES, without

if __name__ == "__main__":
    with without(WEB_ADDRESSES):
        from jupyterlab.labapp import main

    sys.exit(main())

"""``assess``, also as ``python -m assess_lib.cli``."""

import os
import signal
import sys

INTERRUPTED = 130


def start() -> None:
    """Run the command line; Ctrl-C ends it with exit code 130 and without a traceback, also while it is loaded or leaves."""
    try:
        from assess_lib.cli import main

        main()
    except KeyboardInterrupt:
        sys.stderr.flush()
        os._exit(INTERRUPTED)  # nothing was begun yet
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    start()

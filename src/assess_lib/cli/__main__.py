"""``assess``, also as ``python -m assess_lib.cli``."""

import atexit
import os
import signal
import sys

from assess_lib.exit_codes import INTERRUPTED


def start() -> None:
    """Run the command line; Ctrl-C ends it with exit code 130 and without a traceback, also while it is loaded or leaves."""
    try:
        from assess_lib.cli import main

        main()
    except KeyboardInterrupt:  # while it was loaded
        _leave()
    except ImportError as failed:  # as a library in C tells of one that came while it was loaded
        if _was_interrupted(failed):
            _leave()
        raise
    except SystemExit as left:
        if left.code == INTERRUPTED:
            _leave()
        raise
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _was_interrupted(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _leave() -> None:
    """End at once. Python would send itself the signal again where it came while a text was executed, as by dataclasses."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    start()

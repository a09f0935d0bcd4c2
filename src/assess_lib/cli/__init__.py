"""The command line: ``assess``. Its commands are loaded when they are asked for, so that an interrupt finds no traceback."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assess_lib.cli.commands import main

__all__ = ["main"]

if not TYPE_CHECKING:  # to a type checker a name that is not there stays an error

    def __getattr__(name: str):
        if name != "main":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from assess_lib.cli.commands import main

        return main

"""The score kinds of the rubric language, a module each; one that is put here is part of the language."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Union, get_args

from pydantic import Field

from assess_lib.rules.kinds.base import ScoreKind


def _kinds() -> dict[str, type[ScoreKind]]:
    """The kinds by name, from the modules of this package in alphabetical order."""
    found: dict[str, type[ScoreKind]] = {}
    for about in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{about.name}")
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, ScoreKind) and "kind" in kind.model_fields:
                found[get_args(kind.model_fields["kind"].annotation)[0]] = kind
    return found


KINDS = _kinds()
if TYPE_CHECKING:
    Score = ScoreKind
else:
    Score = Annotated[Union[tuple(KINDS.values())], Field(discriminator="kind")]  # noqa: UP007 - made of what is there

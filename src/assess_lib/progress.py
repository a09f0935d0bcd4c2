"""How far a long piece of work is: what it says of itself, and to whom is for the caller to choose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Tell(Protocol):
    """What is told: the phase that the work is in, by a name; and where they are counted the steps done ``of`` all."""

    def __call__(self, phase: str, done: int = 0, of: int = 0) -> object: ...


def silent(phase: str, done: int = 0, of: int = 0) -> None:
    """Tell nobody."""


def counted(tell: Tell, phase: str) -> Callable[[int], None]:
    """A function to be called after each step of a phase with the number of all steps."""
    done = 0

    def step(of: int) -> None:
        nonlocal done
        done += 1
        tell(phase, done, of)

    return step

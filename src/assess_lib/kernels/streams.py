"""The output streams of a kernel."""

from __future__ import annotations

from ipykernel.iostream import OutStream


class SentWhenWritten(OutStream):
    """A stream that has nothing to send unless something was written.

    ipykernel flushes both streams before and after everything it does, eighty times for a notebook of ten cells, and
    waits each time for its thread of outputs to answer. What that thread has taken is sent before all that is given to
    it later, so that only what still lies here is worth the wait.
    """

    def flush(self) -> None:
        """Send what was written; wait until it is sent."""
        if self._buffers:
            super().flush()

"""The exit codes of commands that no single command decides."""

INTERRUPTED = 130  # as a shell has it of a command that Ctrl-C ended

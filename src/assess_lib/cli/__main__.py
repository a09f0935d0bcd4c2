"""``python -m assess_lib.cli``."""

from assess_lib.cli import main

main()

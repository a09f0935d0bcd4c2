"""From files as they arrive to rows of named columns; what a cell means is for ``parsing``, whether it may be for ``checks``."""

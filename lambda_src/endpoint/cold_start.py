"""While a process starts, nothing is collected: what its modules make stays to the end.

Python would look for garbage among it again and again, for a tenth of the start. An entry point
imports this first and calls `end` last; from then on what there is is not looked at any more.
"""

from __future__ import annotations

import gc

gc.disable()


def end() -> None:
    """Collect from now on, but nothing that there is already."""
    gc.freeze()
    gc.enable()

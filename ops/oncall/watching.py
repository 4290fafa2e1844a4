"""Looking at every region again and again, until Ctrl-C: on a terminal, as a page, or both."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.live import Live

from console.output import say
from console.whole_file import write_whole
from ops.oncall.board import Board, read_board
from ops.oncall.board_page import page
from ops.oncall.board_screen import drawn
from plan.region_plan import RegionPlan


def watch(
    plans: Sequence[RegionPlan],
    *,
    every_seconds: int,
    html: Path | None,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Draw a board on the terminal, where there is one, and write it as a page where one is named.

    Ctrl-C ends it at once, also while a region does not answer; what was seen last stays.
    """
    console = Console(file=sys.stdout)
    board: Board | None = None
    try:
        with Live(console=console, screen=console.is_terminal, auto_refresh=False) as live:
            while True:
                board = read_board(plans)
                if console.is_terminal:
                    live.update(drawn(board, every_seconds), refresh=True)
                if html:
                    write_whole(html, page(board, every_seconds))
                pause(every_seconds)
    except KeyboardInterrupt:
        if board and console.is_terminal:
            console.print(drawn(board))
        say("Stopped watching.")

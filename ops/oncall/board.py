"""Every region on one board: what a screen or a page on a wall shows, a column a region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from console.exit_codes import CommandError
from console.marks import Mark
from ops.live.alarms import as_iso
from ops.live.every_region import in_live_regions
from ops.live.region import LiveRegion
from ops.oncall.board_facts import BoardCell, facts_of
from ops.oncall.concerns import concerns_of, read_now
from ops.oncall.skew import skew
from plan.region_plan import RegionPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One fact of all regions, in the board's order of regions."""

    label: str
    cells: Sequence[BoardCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All regions at one moment (ISO); `concerns` says what needs somebody, the worst first."""

    name: str
    made_at: str
    regions: Sequence[str]
    rows: Sequence[BoardRow]
    concerns: Sequence[str]


def read_board(plans: Sequence[RegionPlan]) -> Board:
    """Look at every region: one call for all metrics of a region, and what a status reads."""
    found, failures = in_live_regions(plans, read_now)
    return board_of(plans, {plan.region: live for plan, live in found}, failures)


def board_of(
    plans: Sequence[RegionPlan], found: Mapping[str, LiveRegion], failures: Sequence[CommandError]
) -> Board:
    """Put together what was read; regions that failed have empty cells."""
    rows = []
    regions = [found.get(plan.region) for plan in plans]
    for label, fact in facts_of(plans).items():
        cells = [fact(live) if live else None for live in regions]
        if any(cells):
            empty = BoardCell(text="-")
            rows.append(BoardRow(label=label, cells=[cell or empty for cell in cells]))
    concerns = [it for live in found.values() for it in concerns_of(live)]
    concerns.sort(key=lambda it: it.mark is not Mark.BAD)
    return Board(
        name=plans[0].name,
        made_at=as_iso(datetime.now(UTC)),
        regions=[plan.region for plan in plans],
        rows=rows,
        concerns=[
            *(f"{Mark.BAD} {it}" for it in failures),
            *(f"{Mark.BAD} {it}" for it in skew(list(found.values()))),
            *map(str, concerns),
        ],
    )

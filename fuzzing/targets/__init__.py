"""Everything that reads what others wrote."""

from __future__ import annotations

from fuzzing.target import FuzzTarget
from fuzzing.targets.endpoint import FRONT_DOOR, PROCESS, WORKER
from fuzzing.targets.files import DEPLOYMENT_FILE, LOGO
from fuzzing.targets.messages import ANSWERS, DECODE

TARGETS: dict[str, FuzzTarget] = {
    target.name: target
    for target in (DECODE, PROCESS, FRONT_DOOR, WORKER, ANSWERS, LOGO, DEPLOYMENT_FILE)
}

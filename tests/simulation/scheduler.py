"""Time, threads and processes that a seed decides: one thing happens at once, in a chosen order.

What runs is ordinary blocking code in greenlets; wherever it waits, the scheduler goes on with
somebody else. Time passes only by waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from random import Random
from typing import NoReturn

from greenlet import GreenletExit, getcurrent, greenlet


class Process:
    """What runs together, is frozen together and dies together."""

    def __init__(self) -> None:
        self.is_dead = False
        self.is_frozen = False
        self.fibers: set[Fiber] = set()
        self.missed: list[Fiber] = []


class Fiber:
    """One thread. Whoever wakes it needs its latest ticket, so that each wait ends once."""

    __slots__ = ("greenlet", "process", "ticket")

    def __init__(self, work: Callable[[], object], process: Process | None, hub: greenlet) -> None:
        self.greenlet = greenlet(work, parent=hub)
        self.process = process
        self.ticket = 0


class Scheduler:
    """Runs fibers until nobody waits for anything any more, and calls `check` after each step."""

    def __init__(self, seed: int, *, check: Callable[[], None]) -> None:
        self._check = check
        self.random = Random(seed)
        self.now = 0.0
        self.steps = 0
        self._hub = getcurrent()
        self._waiting: list[tuple[float, float, int, Fiber, int]] = []
        self._count = 0
        self._current: Fiber | None = None
        self._dying: list[Process] = []
        self._processes: set[Process] = set()

    @property
    def process(self) -> Process | None:
        """The process of the code that runs."""
        return self._current.process if self._current else None

    def spawn(
        self, work: Callable[[], object], *, process: Process | None = None, delay: float = 0.0
    ) -> None:
        """Start a thread in a while."""
        fiber = Fiber(work, process, self._hub)
        if process is not None:
            process.fibers.add(fiber)
            self._processes.add(process)
        self._wake(fiber, self.now + delay)

    def sleep(self, seconds: float) -> None:
        """Let others go on for so long. Ends the thread if its process has died meanwhile."""
        fiber = self._current
        assert fiber is not None
        fiber.ticket += 1
        self._wake(fiber, self.now + seconds)
        self._hub.switch()
        if fiber.process is not None and fiber.process.is_dead:
            raise GreenletExit

    def run(self) -> None:
        """Play until nothing is left to do."""
        while self._waiting:
            time, _, _, fiber, ticket = heappop(self._waiting)
            process = fiber.process
            if ticket != fiber.ticket or (process is not None and process.is_dead):
                continue
            if process is not None and process.is_frozen:
                process.missed.append(fiber)
                continue
            self.now = time
            self.steps += 1
            self._current = fiber
            fiber.greenlet.switch()
            if process is not None and fiber.greenlet.dead:
                process.fibers.discard(fiber)
            self._current = None
            while self._dying:
                self._bury(self._dying.pop())
            self._check()

    def end(self) -> None:
        """End whoever waits for ever: Python cannot collect what a suspended greenlet holds."""
        for process in self._processes:
            process.is_dead = True
            self._bury(process)
        self._processes.clear()

    def freeze(self, process: Process) -> None:
        """Stop a process where it is."""
        process.is_frozen = True

    def thaw(self, process: Process) -> None:
        """Let a process go on; what should have happened meanwhile happens now."""
        process.is_frozen = False
        missed, process.missed = process.missed, []
        for fiber in missed:
            self._wake(fiber, self.now)

    def kill(self, process: Process) -> None:
        """End a process between two instructions. Does not return in the process itself."""
        if process.is_dead:
            return
        process.is_dead = True
        self._dying.append(process)
        if self._current and self._current.process is process:
            self._hub.switch()

    def end_own_process(self) -> NoReturn:
        """End the process that calls this."""
        process = self.process
        assert process is not None
        self.kill(process)
        raise AssertionError("a dead process goes on")

    def wake(self, fiber: Fiber, ticket: int) -> None:
        """End a wait now, unless it has ended."""
        if fiber.ticket == ticket:
            fiber.ticket += 1
            self._wake(fiber, self.now)

    def wait(self, waiters: list[tuple[Fiber, int]], timeout: float | None) -> None:
        """Wait until `wake` is called with what is added to `waiters`, or so long."""
        fiber = self._current
        assert fiber is not None
        fiber.ticket += 1
        waiters.append((fiber, fiber.ticket))
        if timeout is not None:
            self._wake(fiber, self.now + timeout)
        self._hub.switch()
        if fiber.process is not None and fiber.process.is_dead:
            raise GreenletExit

    def _wake(self, fiber: Fiber, time: float) -> None:
        self._count += 1
        # what happens at the same time happens in an order that the seed chooses
        heappush(self._waiting, (time, self.random.random(), self._count, fiber, fiber.ticket))

    def _bury(self, process: Process) -> None:
        # Their code may not go on: whatever it calls next ends it (see `Sqs` and `PartnerApi`).
        for fiber in process.fibers:
            if fiber.greenlet and not fiber.greenlet.dead:
                fiber.greenlet.throw(GreenletExit)
        process.fibers.clear()


class SimulatedSignal:
    """A signal between fibers."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._is_set = False
        self._waiters: list[tuple[Fiber, int]] = []

    def set(self) -> None:
        self._is_set = True
        for fiber, ticket in self._waiters:
            self._scheduler.wake(fiber, ticket)
        self._waiters.clear()

    def clear(self) -> None:
        self._is_set = False

    def is_set(self) -> bool:
        return self._is_set

    def wait(self, timeout: float | None = None) -> bool:
        if not self._is_set and (timeout is None or timeout > 0):
            self._scheduler.wait(self._waiters, timeout)
        return self._is_set


class SimulatedThreads:
    """The threads of one process (`endpoint.threads.Threads`)."""

    def __init__(self, scheduler: Scheduler, process: Process) -> None:
        self._scheduler = scheduler
        self._process = process

    def now(self) -> float:
        return self._scheduler.now

    def start(self, work: Callable[[], None]) -> None:
        self._scheduler.spawn(work, process=self._process)

    def signal(self) -> SimulatedSignal:
        return SimulatedSignal(self._scheduler)

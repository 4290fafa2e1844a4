"""The threads of the process."""

from __future__ import annotations

from threading import Thread, current_thread

from endpoint.threads import SystemThreads
from tests.waiting import until


def test_process_does_not_wait_for_its_threads() -> None:
    threads, daemons = SystemThreads(), list[bool]()
    ended = threads.signal()

    def work() -> None:
        daemons.append(current_thread().daemon)
        ended.set()

    threads.start(work)
    assert ended.wait(10)
    assert daemons == [True]


def test_thread_that_is_done_works_again() -> None:
    threads, worked = SystemThreads(), list[Thread]()

    def is_seen_again() -> bool:
        before = len(worked)
        threads.start(lambda: worked.append(current_thread()))
        return until(lambda: len(worked) > before) and worked[-1] in worked[:-1]

    assert until(is_seen_again, seconds=5)

"""The threads of the process."""

from __future__ import annotations

from threading import active_count, current_thread

from endpoint.threads import SystemThreads


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
    threads, before = SystemThreads(), active_count()

    for _ in range(50):
        ended = threads.signal()
        threads.start(ended.set)
        assert ended.wait(10)

    assert active_count() - before < 25

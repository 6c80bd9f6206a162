"""Queries off the event loop: numbered, one at a time, the newest of a topic wins.

A job returns a value and touches no widget; its handler runs on the event loop and owns the state. A stale
job is skipped, interrupted or dropped. Closing interrupts and joins: leaving with a running query aborts the
process.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from finops_tui.errors import FinopsError, StoreError
from finops_tui.store.session import Interrupted

T = TypeVar("T")


@dataclass(frozen=True)
class Job:
    """One asked query: `topic` names what it is for ("explore", "sparks"), `number` counts per topic."""

    owner: MessagePump
    topic: str
    number: int
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[FinopsError], None]
    drop: Callable[[Any], None] | None = None

    @property
    def place(self) -> tuple[int, str]:
        return (id(self.owner), self.topic)


class Finished(Message, bubble=False):
    """A job came back; the owner's handler passes it to `Loader.deliver`."""

    def __init__(self, job: Job, value: object, error: FinopsError | None) -> None:
        super().__init__()
        self.job, self.value, self.error = job, value, error


class Loader:
    """Runs queries in one thread; DuckDB itself uses all cores for each."""

    def __init__(self, interrupt: Callable[[], None]) -> None:
        self._interrupt = interrupt
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="query")
        self._newest: dict[tuple[int, str], int] = {}
        self._lock = threading.Lock()
        self._running: Job | None = None
        self._waiting = 0
        self._closed = False

    @property
    def idle(self) -> bool:
        """Nothing runs and nothing waits."""
        return not self._waiting

    def load(
        self,
        owner: MessagePump,
        topic: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[FinopsError], None],
        drop: Callable[[T], None] | None = None,
    ) -> None:
        """Run `work` in the thread, then `done(value)` or `failed(error)` on the event loop of `owner`.

        A newer load of the same owner and topic makes this one stale: neither handler is called then, and
        `drop` lets go of the value.
        """
        if self._closed:
            return
        place = (id(owner), topic)
        with self._lock:
            number = self._newest.get(place, 0) + 1
            self._newest[place] = number
            stale = self._running is not None and self._running.place == place
            self._waiting += 1
        self._threads.submit(self._run, Job(owner, topic, number, work, done, failed, drop))
        if stale:
            self._interrupt()

    def forget(self, owner: MessagePump) -> None:
        """Nothing that was loaded for `owner` will be delivered any more."""
        with self._lock:
            for place in [p for p in self._newest if p[0] == id(owner)]:
                self._newest[place] += 1

    def current(self, job: Job) -> bool:
        """Whether no newer job of its topic was asked for."""
        return not self._closed and self._newest.get(job.place) == job.number

    def deliver(self, message: Finished) -> None:
        """Call the job's handler, unless it is stale."""
        with self._lock:
            self._waiting -= 1
        if not self.current(message.job):
            if message.job.drop is not None and message.value is not None:
                message.job.drop(message.value)
            return
        if message.error is not None:
            message.job.failed(message.error)
        else:
            message.job.done(message.value)

    def close(self) -> None:
        """Interrupt what runs and wait for it."""
        self._closed = True
        stopped = self._threads.submit(lambda: None)
        self._threads.shutdown(wait=False)
        while not wait([stopped], timeout=0.05).done:
            self._interrupt()
        self._threads.shutdown(wait=True)

    def _run(self, job: Job) -> None:
        value: object = None
        error: FinopsError | None = None
        # an interrupt can hit the job after the one it was meant for: that one is asked once more
        for _ in range(2):
            if not self.current(job):
                break
            with self._lock:
                self._running = job
            value, error = self._try(job)
            with self._lock:
                self._running = None
            if not isinstance(error, Interrupted):
                break
        if self._closed or not job.owner.post_message(Finished(job, value, error)):
            with self._lock:
                self._waiting -= 1

    @staticmethod
    def _try(job: Job) -> tuple[object, FinopsError | None]:
        try:
            return job.work(), None
        except FinopsError as error:
            return None, error
        except Exception as error:
            # whatever fails in a query becomes the error face of its screen, never a traceback
            return None, StoreError(f"{type(error).__name__}: {error}", "Press r to load again.")

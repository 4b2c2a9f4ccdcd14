"""Killable workers: whatever is read from outside is read in a process that ends at its deadline.

One element with 80,000 attributes keeps every HTML and XML parser there is busy for minutes; a process can be ended,
a thread cannot.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, TimeoutError
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, TypeVar, cast

from pebble import ProcessExpired, ProcessPool

from dealwatch.companies import Keep
from dealwatch.errors import DealwatchError, ReadError
from dealwatch.fetch.holding import LARGE
from dealwatch.model import Entry
from dealwatch.pipeline import tasks

P = ParamSpec("P")
T = TypeVar("T")

DEADLINE = 5.0  # seconds for one body
GRACE = 1.0  # seconds after which a worker whose pool is gone ends itself
MEMORY = 2 << 30  # bytes of address space of one worker; lexbor needs about 30 times a page's bytes
MOST = 2  # workers of a fetch, however many processors there are: each may hold 45 MB, and one 100 over a large body
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # of glibc's mallopt
TASKS = 100  # readings after which a worker makes way for a new one, which has none of their memory (22 MB less a run)


def _keep_little() -> None:
    """Have the C library return large blocks when they are freed, and keep two heaps instead of one a thread.

    It learns from the first 10 MB body to keep such blocks, in the heap of whichever thread had it.
    """
    with contextlib.suppress(OSError, AttributeError):  # glibc's; elsewhere there is none, or nothing of the kind
        set_option = ctypes.CDLL(None).mallopt
        set_option(_MMAP_THRESHOLD, 64 << 10)  # below the longest stories: what is left of them parts the heap
        set_option(_ARENA_MAX, 2)


def _begin(register_path: Path | None, keep: Keep) -> None:
    _keep_little()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # pebble ends a worker by it; Python's own handling waits
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to take
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process, in the middle of a parser's C too
    with contextlib.suppress(ValueError, OSError):  # a system whose hard limit is lower keeps that
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    tasks.set_up(register_path, keep)


def _within(seconds: float, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a task returns; the system ends the process if nobody else has.

    The pool ends a worker at its deadline, but a parent that was killed cannot: its last page would hang on for hours.
    """
    signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)
    try:
        return task(*args, **kwargs)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        if _is_large(args):
            give_back()


def _is_large(args: tuple[object, ...]) -> bool:
    return any(_size(arg) > LARGE for arg in args)


def _size(arg: object) -> int:
    if isinstance(arg, Entry):  # nearly all of it is text, and a character of that takes the parser 350 bytes
        return 8 * (len(arg.summary) + len(arg.content))
    return len(arg) if isinstance(arg, bytes) else 0


def give_back() -> None:
    """Return freed memory to the system, where its C library can: 50 MB after a feed of 10."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


class Workers:
    """A pool of reading processes. Use as a context manager; processes start with the first task."""

    def __init__(
        self, *, register_path: Path | None = None, keep: Keep = "all", count: int | None = None,
        deadline: float = DEADLINE,
    ) -> None:  # fmt: skip
        _keep_little()
        self._deadline, self._large = deadline, threading.Semaphore()
        self._lock, self._closed = threading.Lock(), False
        self._under_way: set[Future[object]] = set()
        self.count = count or min(MOST, os.cpu_count() or 1)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["dealwatch.pipeline.warm"])
        self._pool = ProcessPool(
            self.count, max_tasks=TASKS, initializer=_begin, initargs=(register_path, keep), context=context
        )

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._closed = True
        self._pool.stop()  # type: ignore[no-untyped-call]
        for future in tuple(self._under_way):  # the pool forgets them: who waits for one would wait for ever
            future.cancel()
        self._pool.join()

    def run(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What a task returns; raises ReadError when it takes too long, dies, or finds nothing to read."""
        return self.result(self.submit(task, *args, **kwargs))

    def submit(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The task on its way; `result` waits for it. Of large bodies one at most is on its way: the next one waits."""
        if not _is_large(args):
            return self._schedule(task, *args, **kwargs)
        self._large.acquire()
        try:
            future = self._schedule(task, *args, **kwargs)
        except BaseException:  # a pool that is being stopped takes nothing: the next one must not wait for it
            self._large.release()
            raise
        future.add_done_callback(lambda _: self._large.release())
        return future

    def _schedule(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        bounded = (self._deadline, task, *args)
        with self._lock:
            if self._closed:
                raise CancelledError
            future = self._pool.schedule(_within, args=bounded, kwargs=kwargs, timeout=self._deadline)
            self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return cast("Future[T]", future)

    def result(self, future: Future[T]) -> T:
        """What a submitted task returns, or a ReadError in its place."""
        try:
            return future.result()
        except DealwatchError:
            raise
        except TimeoutError:
            raise ReadError(f"took longer than {self._deadline:g} s to read") from None
        except ProcessExpired:
            raise ReadError("the reading process died") from None
        except MemoryError:
            raise ReadError("needs too much memory to read") from None
        finally:
            del future  # it holds its error, whose frames hold it and the body: a circle until the collector comes by

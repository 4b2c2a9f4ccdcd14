"""Killable workers: whatever is read from outside is read in a process that ends at its deadline.

One element with 80,000 attributes keeps every HTML and XML parser there is busy for minutes; a process can be ended,
a thread cannot.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, TimeoutError
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, TypeVar, cast

from pebble import ProcessExpired, ProcessPool

from dealwatch.companies import Keep
from dealwatch.errors import DealwatchError, ReadError
from dealwatch.pipeline import tasks

P = ParamSpec("P")
T = TypeVar("T")

DEADLINE = 5.0  # seconds for one body
MEMORY = 2 << 30  # bytes of address space of one worker; lexbor needs about 30 times a page's bytes
LARGE = 400_000  # bytes from which a body is read alone: two at once would take the run over its memory


def _begin(register_path: Path | None, keep: Keep) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # pebble ends a worker by it; Python's own handling waits
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to take
    with contextlib.suppress(ValueError, OSError):  # a system whose hard limit is lower keeps that
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    tasks.set_up(register_path, keep)


class Workers:
    """A pool of reading processes. Use as a context manager; processes start with the first task."""

    def __init__(
        self, *, register_path: Path | None = None, keep: Keep = "all", count: int | None = None,
        deadline: float = DEADLINE,
    ) -> None:  # fmt: skip
        self._deadline, self._large = deadline, threading.Lock()
        self.count = count or max(1, os.cpu_count() or 1)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["dealwatch.pipeline.tasks"])
        self._pool = ProcessPool(self.count, initializer=_begin, initargs=(register_path, keep), context=context)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def run(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What a task returns; raises ReadError when it takes too long, dies, or finds nothing to read."""
        with self._alone(args):
            return self.result(self.submit(task, *args, **kwargs))

    def submit(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The task on its way; `result` waits for it."""
        return cast("Future[T]", self._pool.schedule(task, args=args, kwargs=kwargs, timeout=self._deadline))

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

    @contextlib.contextmanager
    def _alone(self, args: tuple[object, ...]) -> Iterator[None]:
        if any(isinstance(arg, bytes) and len(arg) > LARGE for arg in args):
            with self._large:
                yield
        else:
            yield

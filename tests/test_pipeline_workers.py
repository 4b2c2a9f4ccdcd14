"""Workers that hang, die or need too much: each is one body's failure, and no process stays behind."""

import itertools
import os
import re
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from dealwatch.errors import ReadError
from dealwatch.fetch.holding import LARGE
from dealwatch.pipeline.workers import Workers
from pipeline_site import children

only_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="counts processes through /proc")


def hang():
    re.match(r"(a|a)+$", "a" * 64 + "b")  # doubles with each letter, and never looks at a signal's handler


def hang_over(body):
    hang()


def die():
    os._exit(9)


def grow():
    return len(bytearray(3 << 30))


def tell_pid(body=b""):
    return os.getpid()


def span(body):
    return time.monotonic(), sum(body), time.monotonic()


def fail(*args):
    raise ReadError("not a page", "look at it")


FAULTS = [
    (hang, "took longer than 0.5 s to read"),
    (die, "the reading process died"),
    (grow, "needs too much memory to read"),
    (fail, "not a page"),
]


def test_whatever_goes_wrong_in_a_worker_is_a_read_error():
    with Workers(count=1, deadline=0.5) as workers:
        workers.run(tell_pid)  # its start is not counted
        for task, said in FAULTS:
            began = time.monotonic()
            with pytest.raises(ReadError) as caught:
                workers.run(task)
            assert caught.value.message == said
            assert time.monotonic() - began < 3
            assert isinstance(workers.run(tell_pid), int)


@only_proc
def test_no_worker_outlives_its_pool():
    before = children()
    with suppress(KeyError), Workers(count=2, deadline=30) as workers:
        pids = {workers.run(tell_pid)}
        workers.submit(hang)
        pids |= {workers.run(tell_pid)}
        assert pids <= children()
        raise KeyError("in the main thread")
    assert not pids & children()
    assert len(children() - before) <= 2  # the server that forks, and the tracker of its resources: Python's own


PARENT = """
import os, sys
sys.path[:0] = {path!r}
from dealwatch.pipeline.workers import Workers
from test_pipeline_workers import hang, tell_pid
if __name__ == "__main__":
    workers = Workers(count=2, deadline=0.3).__enter__()
    print(workers.run(tell_pid), flush=True)
    workers.submit(hang)
    sys.stdin.read()
"""


@only_proc
def test_workers_end_when_their_parent_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(path=[str(Path(__file__).parent)]), "utf-8")
    parent = subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout.readline()
    below = children(parent.pid)
    assert len(below) >= 3
    parent.kill()
    parent.communicate()
    end = time.monotonic() + 10
    while (left := {pid for pid in below if Path(f"/proc/{pid}").exists()}) and time.monotonic() < end:
        os.sched_yield()
    assert not left


def test_threads_that_wait_with_large_bodies_end_with_the_pool():
    ended = []

    def read(workers):
        with suppress(Exception):
            workers.run(hang_over, bytes(LARGE + 1))
        ended.append(True)

    with suppress(KeyError), Workers(count=1, deadline=30) as workers:
        workers.run(tell_pid)
        threads = [threading.Thread(target=read, args=(workers,), daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        raise KeyError
    for thread in threads:
        thread.join(5)
    assert len(ended) == 3


def test_large_bodies_are_read_one_at_a_time():
    body = bytes(LARGE * 20)
    with Workers(count=2) as workers:
        futures = [workers.submit(span, body) for _ in range(3)]
        spans = sorted(workers.result(future) for future in futures)
    assert all(first[2] <= second[0] for first, second in itertools.pairwise(spans))

"""What a process and all below it hold: the sum of their PSS, sampled while something runs. Linux only."""

import os
import threading
from pathlib import Path

from pipeline_site import children

CAN_MEASURE = Path("/proc/self/smaps_rollup").exists()
EVERY = 0.05  # seconds between two samples


def pss(pid):
    """Bytes of one process, shared pages by their share; 0 for one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


class PeakMemory:
    """The highest sum of PSS while the `with` block runs, as `bytes`; `parts` are the processes at that moment."""

    def __init__(self, pid=None):
        self.pid, self.bytes, self.parts, self._over = pid or os.getpid(), 0, {}, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._over.set()
        self._thread.join()

    def _watch(self):
        while not self._over.wait(EVERY):
            parts = {pid: pss(pid) for pid in (self.pid, *children(self.pid))}
            if sum(parts.values()) > self.bytes:
                self.bytes, self.parts = sum(parts.values()), parts

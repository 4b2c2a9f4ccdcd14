"""How much a call works, without a clock: a busy machine counts the same."""

import sys
from collections.abc import Callable


def count_work(run: Callable[[], object]) -> int:
    """Calls and returns of functions while something runs."""
    calls = 0

    def count(_frame: object, _event: str, _arg: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(before)
    return calls

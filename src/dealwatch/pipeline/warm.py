"""Imported once, in the process that forks the workers: what every reading needs, so that all workers share its memory.

Read in each worker it would cost 18 MB and half a second a worker. Empty bodies go through every reader, because most
of them import and compile on first use.
"""

from __future__ import annotations

import gc

import feedparser  # noqa: F401 - its first import costs 30 ms
import trafilatura  # noqa: F401 - and this one 130

from dealwatch.companies import load_register
from dealwatch.lang import codes
from dealwatch.parser import extract
from dealwatch.pipeline import tasks  # noqa: F401

load_register()
for _code in codes():
    extract("A 1\n\nA 1.", lang=_code)
gc.freeze()  # the collector of a worker would touch, and so copy, every page

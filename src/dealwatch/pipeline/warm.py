"""Imported once, in the process that forks the workers: what every reading needs, so that all workers share its memory.

Read in each worker it would cost 18 MB and half a second a worker. Empty bodies go through every reader, because most
of them import and compile on first use.
"""

from __future__ import annotations

import gc

import trafilatura  # noqa: F401 - its first import costs 130 ms

from dealwatch.companies import load_register
from dealwatch.lang import codes
from dealwatch.parser import extract
from dealwatch.pipeline import tasks  # noqa: F401
from dealwatch.sources import feed, html, parse_when, sitemap  # noqa: F401 - readers that are imported when asked for

load_register()
for _code in codes():
    extract("A 1\n\nA 1.", lang=_code)
parse_when("1 May 2023")  # the months of all packs, and dateutil
gc.freeze()  # the collector of a worker would touch, and so copy, every page

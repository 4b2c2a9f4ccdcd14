"""A page in a pipe is the page that rich draws where nothing bounds it."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from dealwatch.present.page import BLANK, Grid, Part, _draw_richly, draw_page, section, words

letters = st.text("abc dé→〃東京 0123456789.,", max_size=12)
cells = letters.map(words)
grids = st.integers(1, 4).flatmap(lambda n: st.lists(st.tuples(*[cells] * n), min_size=1, max_size=4)).map(Grid)
parts = st.one_of(st.builds(lambda a, b: words((a, "bold"), b), letters, letters), grids, st.just(BLANK))


@given(st.lists(parts, min_size=1, max_size=5))
def test_a_pipe_gets_what_rich_draws(page: list[Part]) -> None:
    drawn = [line.rstrip() for line in _draw_richly(page, None, color=False).rstrip("\n").split("\n")]
    plain = [line.rstrip() for line in draw_page(page, width=None, color=False).rstrip("\n").split("\n")]
    assert plain == drawn


def test_a_terminal_gets_styles_and_no_line_wider_than_it_is() -> None:
    page = section("Facts", [("amount", words(("word " * 40, "italic")))])
    drawn = draw_page(page, width=40, color=True)
    assert "\x1b[" in drawn
    assert all(len(line) <= 40 for line in draw_page(page, width=40, color=False).splitlines())


def test_one_deal_in_a_pipe_loads_no_rich() -> None:
    code = "import sys, dealwatch.commands.deal, dealwatch.commands.companies_show, dealwatch.commands.article\n"
    code += "sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""An item's text, whatever stands beside it and in which order: recovered, and never the caption of a photo."""

import tomllib
from itertools import permutations
from pathlib import Path

import pytest

from dealwatch.model import Source
from dealwatch.sources import read_entries

TABLE = tomllib.loads((Path(__file__).parent / "data/sources/content.toml").read_text(encoding="utf-8"))
WHOLE = "<p>The whole story: the round was led by Tidewater.</p>"
SOURCE = Source("x", "feed", "https://x.example/")


def feed(wrap, parts, prefix):
    item = "".join(TABLE["parts"][part] for part in parts)
    return TABLE["wraps"][wrap].replace("{item}", item).replace("{m}", prefix).encode()


@pytest.mark.parametrize(("wrap", "parts", "summary", "content"), TABLE["rows"]["content"])
@pytest.mark.parametrize("prefix", ["media", "m", "mrss-1"])
def test_content_in_every_order(wrap, parts, summary, content, prefix):
    if wrap == "undeclared" and prefix != "media":
        return  # a prefix that is neither declared nor known by custom means nothing
    wanted = [WHOLE if text == "W" else text for text in (summary, content)]
    title = {"prefixed": "f_title", "photo_by_default": "z_title"}.get(wrap, "title")
    for order in permutations([title, *parts]):
        (entry,) = read_entries(SOURCE, feed(wrap, order, prefix), url=SOURCE.url, headers={})
        assert [entry.summary, entry.content] == wanted, order
        assert entry.title == "Kelpforge raises €40m"

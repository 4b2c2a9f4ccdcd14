"""The feeds that a page names."""

from __future__ import annotations

from dealwatch.sources.links import join_link

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_HEAD = 200_000  # characters: feeds are named in a page's head, and a parsed page costs thirty times its size


def find_feeds(text: str, url: str) -> tuple[str, ...]:
    """The addresses of the feeds that a page names in its head, in its order; comments' feeds come last.

    >>> find_feeds('<link rel="alternate" type="application/rss+xml" href="/feed.xml">', "https://news.example/ai")
    ('https://news.example/feed.xml',)
    """
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text[:_HEAD])
    found: dict[str, bool] = {}
    for node in tree.css("link[href]")[:200]:
        said = {name: (node.attributes.get(name) or "").lower() for name in ("rel", "type")}
        link = join_link(url, node.attributes.get("href") or "")
        if link and "alternate" in said["rel"].split() and said["type"].split(";")[0].strip() in _TYPES:
            found.setdefault(link, "/comments/" in link)  # where WordPress has the feed of what readers write
    return tuple(sorted(found, key=lambda link: found[link]))

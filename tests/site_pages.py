"""The looks of the three invented outlets of the sample site: pages, two feeds, a listing and a news sitemap.

`{base}` stands for the address of the server and is filled in when a file is served; links inside pages are relative.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Any

Story = dict[str, Any]


@dataclass(frozen=True)
class Outlet:
    """An invented publisher."""

    name: str
    lang: str
    motto: str


OUTLETS = {
    "ledger-line": Outlet("The Ledger Line", "en", "Money and machines, daily"),
    "capital-and-code": Outlet("Capital & Code", "en", "The business of software, weekly"),
    "depeche-des-modeles": Outlet("La Dépêche des Modèles", "fr", "L'intelligence artificielle et ses capitaux"),
}
_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin",
           "juillet", "août", "septembre", "octobre", "novembre", "décembre")  # fmt: skip
_LAYOUTS = Path(__file__).parent / "data/golden/layouts"


def _fill(layout: str, **values: str) -> str:
    return Template((_LAYOUTS / f"{layout}.html").read_text("utf-8")).substitute(values)



def _long_day(when: datetime, lang: str) -> str:
    if lang == "fr":
        return f"{when.day} {_MONTHS[when.month - 1]} {when.year} à {when:%H}h{when:%M}"
    return f"{when:%B} {when.day}, {when.year}"


def _record(story: Story) -> str:
    outlet = OUTLETS[story["outlet"]]
    record = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story["title"],
        "description": story["summary"],
        "datePublished": story["published"].isoformat(),
        "inLanguage": outlet.lang,
        "articleSection": story["section"],
        "author": [{"@type": "Person", "name": story["author"]}],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
        "mainEntityOfPage": {"@type": "WebPage", "@id": f"/{story['page']}"},
        "articleBody": "\n\n".join(story["paragraphs"]),
    }
    return json.dumps(record, ensure_ascii=False, indent=1)


def _paragraphs(story: Story) -> str:
    """The body as <p>; the Ledger Line links the first company of a story, as papers do."""
    html = "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in story["paragraphs"])
    if story["outlet"] == "ledger-line" and story["companies"]:
        name = re.escape(escape(story["companies"][0].split("|")[0], quote=False))
        html = re.sub(name, lambda found: f'<a href="/ledger-line/companies">{found.group()}</a>', html, count=1)
    return html


def _related(story: Story, stories: list[Story]) -> str:
    others = [other for other in stories if other["outlet"] == story["outlet"] and other is not story][:3]
    return "\n".join(f'<li><a href="/{other["page"]}">{escape(other["title"])}</a></li>' for other in others)


def _page(story: Story, stories: list[Story]) -> bytes:
    html = _fill(
        story["outlet"],
        **{key: escape(story[key]) for key in ("title", "summary", "author", "section", "page")},
        record=_record(story),
        iso=story["published"].isoformat(),
        day=_long_day(story["published"], story["lang"]),
        paragraphs=_paragraphs(story),
        related=_related(story, stories),
    )
    return html.encode("cp1252" if story["outlet"] == "depeche-des-modeles" else "utf-8")


def _rss(stories: list[Story]) -> bytes:
    items = "".join(
        f"""<item>
<title>{escape(story["title"])}</title>
<link>{{base}}/{story["page"]}</link>
<guid isPermaLink="false">{story["id"]}</guid>
<pubDate>{format_datetime(story["published"])}</pubDate>
<dc:creator>{escape(story["author"])}</dc:creator>
<category>{escape(story["section"])}</category>
<description>{escape(story["summary"])}</description>
</item>
"""
        for story in stories
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>The Ledger Line</title>
<link>{{base}}/ledger-line/</link>
<atom:link href="{{base}}/ledger-line/feed.rss" rel="self" type="application/rss+xml"/>
<description>{OUTLETS["ledger-line"].motto}</description>
<language>en-us</language>
<ttl>30</ttl>
{items}</channel>
</rss>
""".encode()


def _atom(stories: list[Story]) -> bytes:
    entries = "".join(
        f"""<entry>
<id>tag:capital-and-code.example,{story["published"]:%Y}:{story["id"]}</id>
<title>{escape(story["title"])}</title>
<link rel="alternate" type="text/html" href="{{base}}/{story["page"]}"/>
<published>{story["published"].isoformat()}</published>
<updated>{story["published"].isoformat()}</updated>
<author><name>{escape(story["author"])}</name></author>
<summary>{escape(story["summary"])}</summary>
<content type="html">{escape(_paragraphs(story))}</content>
</entry>
"""
        for story in stories
    )
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">
<id>tag:capital-and-code.example,2023:feed</id>
<title>Capital &amp; Code</title>
<subtitle>{OUTLETS["capital-and-code"].motto}</subtitle>
<link rel="self" href="{{base}}/capital-and-code/feed.atom"/>
<link rel="alternate" type="text/html" href="{{base}}/capital-and-code/"/>
<updated>{stories[0]["published"].isoformat()}</updated>
{entries}</feed>
""".encode()


def _sitemap(stories: list[Story]) -> bytes:
    urls = "".join(
        f"""<url>
<loc>{{base}}/{story["page"]}</loc>
<news:news>
<news:publication><news:name>{OUTLETS[story["outlet"]].name}</news:name><news:language>fr</news:language></news:publication>
<news:publication_date>{story["published"].isoformat()}</news:publication_date>
<news:title>{escape(story["title"])}</news:title>
</news:news>
</url>
"""
        for story in stories
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
{urls}</urlset>
""".encode()


def _listing(stories: list[Story]) -> bytes:
    items = "\n".join(
        f"""<li><h3><a href="{story["path"]}.html">{escape(story["title"], quote=False)}</a></h3>
<p class="date"><time datetime="{story["published"].isoformat()}">{_long_day(story["published"], "fr")}</time></p>
<p>{escape(story["summary"], quote=False)}</p></li>"""
        for story in stories
    )
    return _fill("listing", items=items).encode("cp1252")


def _front() -> bytes:
    doors = {
        "ledger-line/feed.rss": "The Ledger Line (RSS)",
        "capital-and-code/feed.atom": "Capital &amp; Code (Atom)",
        "depeche-des-modeles/index.html": "La Dépêche des Modèles (a listing)",
        "sitemap-news.xml": "La Dépêche des Modèles (a news sitemap)",
    }
    items = "\n".join(f'<li><a href="/{path}">{name}</a></li>' for path, name in doors.items())
    return _fill("front", items=items).encode()


def render_site(stories: list[Story]) -> dict[str, bytes]:
    """Every file of the site by its path: a page a story, newest first in the feeds."""
    stories = sorted(stories, key=lambda story: story["published"], reverse=True)
    of = {outlet: [story for story in stories if story["outlet"] == outlet] for outlet in OUTLETS}
    french = of["depeche-des-modeles"]
    return {story["page"]: _page(story, stories) for story in stories} | {
        "index.html": _front(),
        "robots.txt": b"User-agent: *\nAllow: /\n\nSitemap: {base}/sitemap-news.xml\n",
        "ledger-line/feed.rss": _rss(of["ledger-line"]),
        "capital-and-code/feed.atom": _atom(of["capital-and-code"]),
        "depeche-des-modeles/index.html": _listing([story for story in french if story.get("feed") != "sitemap"]),
        "sitemap-news.xml": _sitemap([story for story in french if story.get("feed") == "sitemap"]),
    }

"""``dealwatch sources add``: a source from the address of a site, shown before it is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, cast
from urllib.parse import urlsplit

import typer

from dealwatch.commands.asking import confirm
from dealwatch.commands.options import OUTPUT, Option
from dealwatch.commands.session import Session
from dealwatch.commands.summary import count
from dealwatch.commands.switching import forget_failures, new_config
from dealwatch.config import Config, default_store_path
from dealwatch.config.editing import add_sources, read_draft, render_block
from dealwatch.errors import FetchError, NotFound, ReadError, SourcesFailed, UsageError
from dealwatch.model import Source, SourceKind
from dealwatch.pipeline.discovery import Candidate, Discovery, discover, find_known
from dealwatch.present import Row
from dealwatch.present.columns import ENTRIES
from dealwatch.present.extraction import show_published
from dealwatch.sources.naming import choose_lang, name_source

EXAMPLE = "dealwatch sources add lemonde.fr --tier 2 --every 30m"
OPTIONS = (
    *OUTPUT,
    Option(("--name",), "Its name; the feed's or site's own by default.", "NAME"),
    Option(("--kind",), "Look for a feed, a sitemap or a page of links (html) only.", "KIND"),
    Option(("--lang",), "Its language: en, fr, ...; guessed where it is clear.", "CODE"),
    Option(("--country",), "Its country, which tells what a bare \"$\" means: US, CA, ...", "CODE"),
    Option(("--currency",), "The same, said outright: USD, CAD, ...", "CODE"),
    Option(("--tier",), "1 a party or a wire, 2 named press (the default), 3 the rest.", "N"),
    Option(("--every",), "Not asked more often than this: 30m, 2h, ...", "TIME"),
    Option(("--max-items",), "At most so many entries of one fetch.", "N"),
    Option(("--full-text",), "auto, feed or page: where the text is taken from.", "WHERE"),
    Option(("--include",), "Only entries with these words in title or address (again for more).", "WORDS", many=True),
    Option(("--exclude",), "No entry with these words (again for more).", "WORDS", many=True),
    Option(("--header",), "A header to send: 'Authorization: Bearer ${MY_KEY}' (again for more).", "TEXT", many=True),
)
SHOWN = 5  # entries of the source
_NAMED = 10  # other feeds that are told
_PLAIN = ("name", "lang", "country", "currency", "every", "full_text")
_NO_WEB = frozenset({"mailto", "javascript", "data", "file", "about", "tel"})
_KINDS = ("feed", "sitemap", "html")


def run(
    ctx: typer.Context,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Of a feed, a sitemap, a site, or a folder.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write it without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it and write nothing.")] = False,
) -> int:
    """Add a source by the address of its feed, sitemap, site or folder.

    Finds the feed that a page names, else its news sitemap, else selectors for the page itself. Shows the first
    entries and what it writes to the configuration; asks before that on a terminal.
    """
    session: Session = ctx.find_root().obj
    session.check(ENTRIES)
    path, config = new_config(session)
    url, others = read_address(address)
    said = _said(session)
    _refuse_name(config, said.get("name"))
    wish = _wish(said, url, path, session)
    _refuse_known(config, wish.url)
    discovery = _discover(session, config, wish, others)
    best = discovery.candidates[0]
    _refuse_known(config, best.source.url)
    fields = _fields(config, discovery, said, url, wish)
    read_draft(fields, path, session.env)
    _show(session, discovery, fields)
    if dry_run:
        session.say("nothing written: a dry run")
    elif yes or confirm(session, f"write it to {path}?"):
        if config.path:
            forget_failures(session, [str(fields["name"])])  # of a source of that name that was taken out
        add_sources(path, [fields], session.env)
        session.say(f"added {fields['name']!r} to {path}; `dealwatch sources test` shows what a fetch would store")
    else:
        session.say("nothing written")
    return 0


# -- what was asked for ------------------------------------------------------------------------------------------------


def read_address(text: str) -> tuple[str, tuple[str, ...]]:
    """The address that a text means, and another one to try where that does not answer; a folder's is its path.

    >>> read_address("news.example/ai")
    ('https://news.example/ai', ('http://news.example/ai',))
    >>> read_address("feed://news.example/rss")[0]
    'https://news.example/rss'
    """
    text = text.strip()
    scheme, separator, _ = text.partition("://")
    if separator and scheme.lower() in ("http", "https"):
        return text, ()
    if text.lower().startswith("feed:"):  # of old readers: feed://host/ and feed:https://host/
        inner = text[5:].removeprefix("//")
        return (inner, ()) if "://" in inner else (f"https://{inner}", (f"http://{inner}",))
    if separator or scheme.partition(":")[0].lower() in _NO_WEB:
        hint = "the address of a source begins with http:// or https://"
        raise UsageError(f"{text.partition(':')[0][:20]}: is not read", hint)
    with suppress(OSError, RuntimeError):  # a name that is too long, a home that is nobody's
        folder = Path(text).expanduser()
        if text and folder.is_dir():
            return str(folder.resolve()), ()
    if not text or text.startswith((".", "/", "~", "\\")):
        raise UsageError(f"no folder at {text!r}" if text else "an empty address", "give an address or a folder")
    return f"https://{text}", (f"http://{text}",)


def _said(session: Session) -> dict[str, object]:
    """The keys of the source that the options give."""
    said: dict[str, object] = {key: text for key in _PLAIN if (text := session.text(key)) is not None}
    said |= {key: number for key in ("tier", "max_items") if (number := session.number(key)) is not None}
    said |= {key: list(words) for key in ("include", "exclude") if (words := session.texts(key))}
    headers = dict(_header(text) for text in session.texts("header"))
    return said | ({"headers": headers} if headers else {})


def _wish(said: Mapping[str, object], url: str, path: Path, session: Session) -> Source:
    kind = "feed" if "://" in url else "folder"
    try:
        return read_draft({"name": "new", **said, "kind": kind, "url": url}, path, session.env)
    except UsageError as error:  # "[[source]] 'new' max_items: wants a whole number from 1 to 10000"
        key, colon, wants = error.message.rpartition("] ")[2].partition(": ")
        option = key.rpartition(" ")[2].replace("_", "-")
        name = {"url": "the address", "headers": "--header"}.get(option, f"--{option}")
        is_ours = wants.startswith("wants ")
        hint = "`dealwatch sources add --help` shows what it takes" if is_ours else error.hint
        raise UsageError(f"{name}{colon}{wants}", hint) from None


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip() or not value.strip():
        raise UsageError("--header wants NAME: TEXT", "--header 'Authorization: Bearer ${MY_KEY}'")
    return name.strip(), value.strip()


def _kind(session: Session) -> SourceKind | None:
    kind = session.text("kind")
    if kind is not None and kind not in _KINDS:
        raise UsageError(f"unknown kind {kind[:40]!r}", f"one of {', '.join(_KINDS)}; a folder needs none")
    return cast("SourceKind | None", kind)


def _refuse_known(config: Config, url: str) -> None:
    if known := find_known(config.sources, url):
        hint = "" if known.enabled else f"; `dealwatch sources enable {known.name!r}` switches it on"
        raise UsageError(f"{url} is configured already, as {known.name!r}",
                         f"`dealwatch sources list` shows how it fares{hint}")  # fmt: skip


def _refuse_name(config: Config, name: object) -> None:
    if name is not None and str(name).casefold() in {source.name.casefold() for source in config.sources}:
        raise UsageError(f"a source {name!r} is configured already", "give another --name")


def _discover(session: Session, config: Config, wish: Source, others: Sequence[str]) -> Discovery:
    kind = _kind(session)
    tell = session.say if session.err.isatty() or session.verbosity else None
    named = session.text("db")
    store = default_store_path(Path(named).expanduser() if named else None, session.env, config)
    try:
        found = discover(config, wish, store, now=session.now, kind=kind, others=others, tell=tell)
    except (FetchError, ReadError) as error:
        raise SourcesFailed(f"{wish.url}: {error.message}", error.hint) from error
    if not found.candidates:
        for failure in found.failures[:_NAMED]:
            session.warn(f"{failure.name}: {failure.reason}")
        what = f"no {kind}" if kind else "no feed, news sitemap or list of articles"
        hint = "give the address of the feed, or of the page that lists the news"
        raise NotFound(f"{what} found at {wish.url}", hint)
    return found


# -- what is written down ----------------------------------------------------------------------------------------------


def _fields(
    config: Config, discovery: Discovery, said: Mapping[str, object], written: str, wish: Source
) -> dict[str, object]:
    """The `[[source]]` of the best candidate, in the order in which people write it."""
    best, page = discovery.candidates[0], discovery.page
    source = best.source
    fields: dict[str, object] = {"name": "", "kind": source.kind, "url": _as_written(source.url, wish.url, written)}
    declared = best.about.lang or page.lang or next((entry.lang for entry in best.entries if entry.lang), None)
    if source.kind != "folder" and (lang := choose_lang(declared, [entry.title for entry in best.entries])):
        fields["lang"] = lang
    fields |= {key: value for key, value in said.items() if not isinstance(value, Mapping)}
    fields |= {"selectors": dict(source.selectors)} if source.selectors else {}
    fields |= {key: value for key, value in said.items() if isinstance(value, Mapping)}
    return fields if "name" in said else fields | {"name": _name(config, discovery)}


def _name(config: Config, discovery: Discovery) -> str:
    best, page = discovery.candidates[0], discovery.page
    taken = [source.name for source in config.sources]
    if best.source.kind == "folder":
        return name_source([Path(best.source.url).name], best.source.url, taken)
    return name_source([best.about.title, page.title], best.source.url, taken)


def _as_written(url: str, asked: str, written: str) -> str:
    """An address with the login as the user wrote it: `${PASS}` goes into the file, not what it stands for."""
    if url == asked:
        return written
    login, at, _ = urlsplit(asked).netloc.rpartition("@")
    own = urlsplit(written).netloc.rpartition("@")[0]
    return url.replace(f"://{login}@", f"://{own}@", 1) if at else url


# -- what is shown -----------------------------------------------------------------------------------------------------


def _show(session: Session, discovery: Discovery, fields: Mapping[str, object]) -> None:
    best = discovery.candidates[0]
    session.say(f"{best.source.url} ({best.found}): {_counts(best)}")
    if best.is_wider:
        session.say("it is of the whole site; --kind html lists the articles of this page alone")
    session.show([_row(best, number) for number in range(min(SHOWN, len(best.entries)))], ENTRIES)
    for line in ("", *render_block(fields).splitlines(), ""):
        session.say(line)
    for other in discovery.candidates[1:]:
        if other.source.url != best.source.url:
            session.say(f"also: {other.source.url} ({other.found}): {_counts(other)}")
    for link in discovery.unasked[:_NAMED]:
        session.say(f"also: {link.url} {link.title}")
    if len(discovery.unasked) > _NAMED:
        session.say(f"and {len(discovery.unasked) - _NAMED} feeds more")


def _counts(candidate: Candidate) -> str:
    dated = sum(entry.published is not None for entry in candidate.entries)
    text = f"{count(candidate.listed, 'entry', 'entries')} listed"
    if len(candidate.entries) != candidate.listed:
        text += f", {len(candidate.entries)} wanted"
    return f"{text}, {dated} dated"


def _row(candidate: Candidate, number: int) -> Row:
    entry = candidate.entries[number]
    return {"date": show_published(entry.published, entry.date_precision), "title": entry.title, "url": entry.url}

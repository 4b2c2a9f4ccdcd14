"""``dealwatch extract``: what the parser sees in a document."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from dealwatch.commands.options import Option
from dealwatch.commands.session import Session
from dealwatch.companies import Keep, load_register
from dealwatch.errors import EXIT_OK, EXIT_SOURCES, FetchError, NotFound, UsageError
from dealwatch.pipeline import read_documents
from dealwatch.pipeline.importing import Read
from dealwatch.pipeline.opening import Raw
from dealwatch.present.cells import dump_json
from dealwatch.present.extraction import extraction_object

EXAMPLE = "dealwatch extract story.html --json"
OPTIONS = (
    Option(("--json",), "Print one object, for one document."),
    Option(("--jsonl",), "Print an object a line, for many documents."),
)
_WEB = ("http://", "https://")


def run(
    ctx: typer.Context,
    documents: Annotated[
        list[str],
        typer.Argument(metavar="FILE|URL|-...", help="Pages, texts, JSON lines, folders, addresses; - reads stdin."),
    ],
    register: Annotated[
        str, typer.Option(metavar="none|half|FILE", help="Without the register of companies, with half, or another.")
    ] = "",
) -> int:
    """Show what the parser sees in a document: companies, sums, quotes and deals, with the evidence marked."""
    session: Session = ctx.find_root().obj
    if session.flag("json") and session.flag("jsonl"):
        raise UsageError("json and jsonl: one format at a time", "leave out one of them")
    code, shown = EXIT_OK, 0
    for read in _read(session, documents, register):
        if read.document is None:
            session.warn(f"error: {read.name}: {read.fault}")
            if read.hint:
                session.say(f"hint: {read.hint}")
            code = EXIT_SOURCES
            continue
        if session.flag("json") and shown:
            raise UsageError("--json prints one document, and there are several", "--jsonl prints one a line")
        session.write(_show(session, read, first=not shown))
        shown += 1
        if session.closed:
            break
    return code


def _show(session: Session, read: Read, *, first: bool) -> Iterator[str]:
    document = read.document
    if document is None:
        return
    if session.flag("json") or session.flag("jsonl"):
        article = document.article
        page = article if article.method != "text" else None
        found = extraction_object(read.id, document.extraction, precision=article.date_precision, page=page)
        yield dump_json(found, indent=1 if session.flag("json") else None) + "\n"
        return
    from dealwatch.present.story import show_story

    if not first:
        yield "\n"
    yield show_story(document.extraction, width=session.width, color=session.color)


def _read(session: Session, documents: Sequence[str], register: str) -> Iterator[Read]:
    """The documents in the order they were named; files that follow one another share their workers."""
    path, keep = _register(session, register)
    for kind, group in groupby(documents, key=lambda name: name if name == "-" or name.startswith(_WEB) else "file"):
        names = list(group)
        if kind == "file":
            yield from read_documents([Path(name) for name in names], register_path=path, keep=keep)
        elif kind == "-":
            yield from read_documents([], stdin=sys.stdin.buffer, register_path=path, keep=keep)
        else:
            try:
                page = _get(session, names[0])
            except FetchError as error:
                yield Read(names[0], names[0], None, error.message, error.hint)
                continue
            yield from read_documents([], page=page, register_path=path, keep=keep)


def _register(session: Session, register: str) -> tuple[Path | None, Keep]:
    without: dict[str, Keep] = {"none": "none", "half": "half"}
    if register in without:
        return None, without[register]
    if not register:
        return session.config.register_path, "all"
    path = Path(register).expanduser()
    if not path.is_file():
        raise NotFound(f"no register {path}", "--register takes none, half or a file of companies in TOML")
    load_register(path)  # a file that is none is said once, and not for every document
    return path, "all"


def _get(session: Session, url: str) -> Raw:
    from dealwatch.fetch import Client
    from dealwatch.pipeline.memory import kept_rests

    rests = kept_rests(session.store_path)
    with Client(session.config.fetch, now=session.now, rests=rests) as client:
        response = client.get_page(url)
    return Raw(url, url, page=response.body, url=response.url, content_type=response.headers.get("content-type"))

"""``dealwatch sources test``: what a fetch of one source would store."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.options import OUTPUT
from dealwatch.commands.session import Session
from dealwatch.commands.summary import count
from dealwatch.errors import EXIT_OK, EXIT_SOURCES, FetchError, ReadError, SourcesFailed
from dealwatch.pipeline import Preview, preview_source
from dealwatch.present import PREVIEW, Row
from dealwatch.present.extraction import show_published

EXAMPLE = 'dealwatch sources test "Le Monde"'
OPTIONS = OUTPUT


def run(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source, as the configuration calls it.")],
) -> int:
    """Read a source as a fetch would, and store nothing.

    Shows what it lists and the first few articles, read whole.
    """
    session: Session = ctx.find_root().obj
    session.check(PREVIEW)
    try:
        preview = preview_source(session.config, name, session.store_path, now=session.now)
    except (FetchError, ReadError) as error:
        raise SourcesFailed(f"{name}: {error.message}", error.hint) from error
    session.show(_rows(preview), PREVIEW)
    for failure in preview.failures:
        session.warn(f"error: {failure.name}: {failure.reason}")
    read = count(len(preview.documents), "article")
    listed = count(len(preview.entries), "entry", "entries")
    session.say(f"{name} ({preview.source.kind}): {listed} listed, {read} read")
    return EXIT_SOURCES if preview.failures else EXIT_OK


def _rows(preview: Preview) -> list[Row]:
    return [
        {
            "date": show_published(document.article.published, document.article.date_precision),
            "date_source": document.article.date_source, "lang": document.extraction.lang,
            "title": document.extraction.title, "method": document.article.method,
            "characters": len(document.extraction.text), "deals": len(document.extraction.claims),
            "quotes": len(document.extraction.quotes), "url": document.article.url,
        }
        for document in preview.documents
    ]  # fmt: skip

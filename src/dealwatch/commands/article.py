"""``dealwatch article ID``: one article as it was read."""

from __future__ import annotations

from typing import Annotated

import typer

from dealwatch.commands.options import Option
from dealwatch.commands.session import Session
from dealwatch.present.article import show_article
from dealwatch.present.cells import dump_json
from dealwatch.present.columns import ARTICLE, REVISION

EXAMPLE = "dealwatch article a4f2kq7xw3a --revisions"
OPTIONS = (Option(("--json",), "Print one object."),)


def run(
    ctx: typer.Context,
    article_id: Annotated[
        str, typer.Argument(metavar="ID", help="Its id, as `dealwatch articles` lists it, or the beginning of it.")
    ],
    revisions: Annotated[bool, typer.Option("--revisions", help="How its text changed.")] = False,
) -> int:
    """Show one article: where it stood, when, and its text."""
    session: Session = ctx.find_root().obj
    with session.store() as store:
        article_id = store.whole_id("article", article_id)
        article = store.article(article_id)
        texts = store.revisions(article_id) if revisions else []
    if session.flag("json"):
        shown: dict[str, object] = {key: article.get(key) for key in ARTICLE} | {"article_id": article_id}
        if revisions:
            shown["revisions"] = [{key: text.get(key) for key in REVISION} for text in texts]
        session.write([dump_json(shown, indent=1), "\n"])
    elif revisions:
        from dealwatch.present.revisions import show_revisions

        session.write([show_revisions(article, texts, width=session.width, color=session.color)])
    else:
        session.write([show_article(article, width=session.width, color=session.color)])
    return 0

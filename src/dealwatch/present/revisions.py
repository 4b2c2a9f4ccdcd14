"""How an article's text changed, paragraph by paragraph, the words that changed marked in their sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from rich.console import Group
from rich.text import Text

from dealwatch.present.article import head
from dealwatch.present.cells import clean, flatten, show_time, to_text
from dealwatch.present.columns import Row
from dealwatch.present.table import draw

_WORDS = 3000  # of a paragraph that is compared word by word: difflib's cost grows with their square
_AROUND = 6  # words kept on either side of a change
_ALIKE = 0.4  # share of words in common from which two paragraphs are one that changed
_REMOVED, _ADDED = ("[-", "-]", "red"), ("{+", "+}", "green")


def show_revisions(article: Row, texts: Sequence[Row], *, width: int | None = None, color: bool = False) -> str:
    """What changed from each text of an article to its next: "[-was-]{+is+}" in a paragraph that changed, "-" and "+"
    before one that went or came.
    """
    parts: list[Text] = [Text(flatten(to_text(article.get("title"))), style="bold"), *map(Text, head(article))]
    before: list[str] | None = None
    for revision in texts:
        number, seen = to_text(revision.get("number")), show_time(to_text(revision.get("observed_at")))
        after = [line for line in clean(to_text(revision.get("text"))).split("\n") if line.strip()]
        told = f"{len(after)} paragraphs" if before is None else "what changed:"
        parts += [Text(), Text(f"revision {number}, read {seen} UTC: {told}", style="dim")]
        parts += _changes(before, after) if before is not None else []
        before = after
    return draw(Group(*parts), width=width, color=color)


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[Text]:
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _block(before[a:b], after[c:d])


def _block(old: Sequence[str], new: Sequence[str]) -> Iterator[Text]:
    """Paragraphs in the place of others: those much alike as one that changed, the rest as gone and come."""
    left = list(new)
    for was in old:
        match = next((now for now in left if _alike(was, now)), None)
        if match is None:
            yield Text(f"- {was}", style="red")
            continue
        for now in left[: left.index(match)]:
            yield Text(f"+ {now}", style="green")
        del left[: left.index(match) + 1]
        yield _marked(was, match)
    for now in left:
        yield Text(f"+ {now}", style="green")


def _alike(was: str, now: str) -> bool:
    old, new = was.split(), now.split()
    if max(len(old), len(new)) > _WORDS:
        return False
    return 2 * len(set(old) & set(new)) >= _ALIKE * (len(set(old)) + len(set(new)))


def _marked(was: str, now: str) -> Text:
    """One paragraph with what went and what came, and as much round them as tells where."""
    old, new = _words(was), _words(now)
    shown = Text("~ ")
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (tag, a, b, c, d) in enumerate(steps):
        if tag == "equal":
            shown.append(_context(old[a:b], is_first=place == 0, is_last=place == len(steps) - 1))
            continue
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        for said, (opening, closing, style) in ((gone, _REMOVED), (come, _ADDED)):
            if said:
                shown.append(f"{opening}{said.strip()}{closing}", style=style)
        last = come or gone
        shown.append(last[len(last.rstrip()) :])
    return shown


def _words(text: str) -> list[str]:
    return re.findall(r"\S{1,200}\s{0,20}", text)


def _context(words: Sequence[str], *, is_first: bool, is_last: bool) -> str:
    """The words between two changes, or their ends with an ellipsis where there are many."""
    left, right = (0 if is_first else _AROUND), (0 if is_last else _AROUND)
    if len(words) <= left + right:
        return "".join(words)
    return "".join((*words[:left], "… ", *words[len(words) - right :]))

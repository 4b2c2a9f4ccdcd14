"""The day of a deal: what dates the news of the day, a live blog's entries, a month's round-up."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from dealwatch.model import Evidence
from dealwatch.parser.dating import Dated
from dealwatch.parser.drafts import Draft
from dealwatch.parser.reading import Reading

_LEAD_SENTENCES = 4  # headline and the first sentences: what they date is the news of the day
_NEAR = 9  # sentences in which the day of an announcement that calls itself so is looked for
_CLOCK = re.compile(r"\n(?P<time>\d{1,2}(?:[:.]|\s?h\s?)\d{2})\b")
_LIVE = 3  # paragraphs that open with a time of day and make a live blog


def settle_date(reading: Reading, draft: Draft) -> str | None:
    """The date of a deal, its evidence noted; None where the story tells none."""
    if draft.date is not None and (draft.background or len(draft.date) == 10):
        return draft.date
    if draft.background:
        return None
    for dated in (*_days(reading, draft), *_months(reading)):
        draft.evidence.append(Evidence("date", dated.start, dated.end))
        return dated.value
    return _live_day(reading, draft)


def _days(reading: Reading, draft: Draft) -> Iterator[Dated]:
    """The days of the news, the likeliest first."""
    doc = reading.doc
    if reading.round_up:
        numbers = range(draft.sentence, min(draft.sentence + 3, len(doc.sentences)))
        numbers_in = [n for n in numbers if doc.paragraph_at(doc.sentences[n][0])[0] == draft.paragraph]
    else:
        numbers_in = list(range(min(_LEAD_SENTENCES, len(doc.sentences))))
        late = range(_LEAD_SENTENCES, min(_NEAR, len(doc.sentences)))
        numbers_in += [n for n in late if _tells(reading, n, "announcement")]
    for number in numbers_in:
        if reading.correction and _tells(reading, number, "misprint"):
            continue  # the day of the article that was wrong
        for dated in reading.dates.within(*doc.sentences[number]):
            if len(dated.value) == 10 and not dated.past:
                yield dated


def _tells(reading: Reading, number: int, kind: str) -> bool:
    return any(token.cue is not None and token.cue.kind == kind for token in reading.tokens[number])


def _months(reading: Reading) -> Iterator[Dated]:
    """The month that a round-up's headline says it is about ("the grants of September")."""
    published = reading.doc.published
    if not reading.round_up or published is None:
        return
    for dated in reading.dates.within(0, reading.doc.title_end):
        if len(dated.value) == 7 and published.year * 12 + published.month - _count(dated.value) <= 1:
            yield dated


def _count(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])


def _live_day(reading: Reading, draft: Draft) -> str | None:
    """What a live blog tells happened on the day of its publication; the time of its entry says so."""
    doc = reading.doc
    if doc.published is None or draft.date is not None:
        return None
    at = bisect_right(reading.clocks, (draft.start, draft.start)) - 1
    if len(reading.clocks) < _LIVE or at < 0:
        return None
    draft.evidence.append(Evidence("date", *reading.clocks[at]))
    return doc.published.isoformat()


def find_clocks(text: str) -> list[tuple[int, int]]:
    """Where paragraphs open with a time of day, in order."""
    return [match.span("time") for match in _CLOCK.finditer(text)]

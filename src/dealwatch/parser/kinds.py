"""What a sum measures, told by the verbs and nouns of its clause."""

from __future__ import annotations

from dealwatch.model import AmountKind
from dealwatch.parser.text import Document


def kind_at(doc: Document, start: int, end: int) -> AmountKind:
    """The kind of the sum between two offsets."""
    return "other"

"""The companies that are known, and the key by which two spellings are one company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealwatch.companies.fold import bare, company_id, fold, word_lists

if TYPE_CHECKING:
    from dealwatch.companies.register import Register, build_register, load_register
    from dealwatch.companies.rows import Keep, Match, Row

__all__ = [
    "Keep", "Match", "Register", "Row", "bare", "build_register", "company_id", "fold", "load_register", "word_lists",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """A name of the register, imported when it is first asked for: a listing needs only the key of a name."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from dealwatch.companies import register, rows

    return getattr(rows if hasattr(rows, name) else register, name)

"""The companies that are known, and the key by which two spellings are one company."""

from __future__ import annotations

from dealwatch.companies.fold import bare, company_id, fold, word_lists
from dealwatch.companies.register import Keep, Match, Register, Row, build_register, load_register

__all__ = [
    "Keep", "Match", "Register", "Row", "bare", "build_register", "company_id", "fold", "load_register", "word_lists",
]  # fmt: skip

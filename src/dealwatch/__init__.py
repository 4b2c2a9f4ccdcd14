"""dealwatch: who put how much into which AI company, who said what about it, and how each deal changed over time.

>>> from dealwatch import extract
>>> story = "Nadir AI raises $5m\\n\\nNadir AI has raised $5m in a seed round led by Orrell Capital."
>>> [(claim.type, claim.target.name, claim.amount.low) for claim in extract(story).claims]
[('funding_round', 'Nadir AI', Decimal('5000000'))]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealwatch.errors import DealwatchError
    from dealwatch.model import Amount, Article, Change, Claim, Company, Deal, Extraction, Money, Quote
    from dealwatch.parser import extract
    from dealwatch.store import DealQuery, Store

__version__ = "0.1.0"

__all__ = [
    "Amount", "Article", "Change", "Claim", "Company", "Deal", "DealQuery", "DealwatchError", "Extraction", "Money",
    "Quote", "Store", "extract",
]  # fmt: skip

_HOMES = {"extract": "parser", "Store": "store", "DealQuery": "store", "DealwatchError": "errors"}


def __getattr__(name: str) -> object:
    """A public name, imported from its room when first asked for: the command line must not pay for the parser."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"dealwatch.{_HOMES.get(name, 'model')}"), name)
    globals()[name] = found
    return found

"""dealwatch: who put how much into which AI company, who said what about it, and how each deal changed over time."""

__version__ = "0.1.0"

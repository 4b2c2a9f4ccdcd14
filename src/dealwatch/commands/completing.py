"""What can follow on a command line that is being typed: commands, options, and what store and configuration know.

The shell's script (`dealwatch completion`) calls the program itself with `_DEALWATCH_COMPLETE` set, and the words so
far.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dealwatch.commands.app import ABOUT, COMMANDS, Commands, make_group
from dealwatch.commands.session import Session
from dealwatch.errors import DealwatchError

if TYPE_CHECKING:
    from typer._click import Command, Parameter

FILES = ":files"  # the line that asks the shell for its own files

# What the value of an option or argument is: the name of a finder of the store, or the words themselves.
_KNOWN: Mapping[str, str] = {
    "company": "company", "investor": "company", "target": "company", "about": "company", "speaker": "speaker",
    "source": "source", "names": "source", "name": "source", "sources": "source", "deal_id": "deal", "one": "deal",
    "other": "deal", "article_id": "article", "articles": "article", "who": "company",
}  # fmt: skip
_FILES = ("FILE", "DIR", "FILE...", "[FILE]", "FILE|URL|-...", "none|half|FILE")


class Candidate(NamedTuple):
    """One thing that can stand there, and what it is."""

    value: str
    help: str = ""


def complete(words: Sequence[str], session: Session) -> list[Candidate]:
    """What the last of the words can become; they are the line after the program's name, as the shell keeps them."""
    *before, begun = [_bare(word) for word in words if word != "="] or [""]
    line = _Line(session)
    for word in before:
        line.take(word)
    return _beginning(begun, line.candidates(begun))


def _bare(word: str) -> str:
    """A word without the quotes that the shell has not taken off yet, closed or not."""
    for end in ("", "'", '"', "\\"):
        try:
            return "".join(shlex.split(word + end))
        except ValueError:
            continue
    return word


def _beginning(begun: str, candidates: Iterable[Candidate]) -> list[Candidate]:
    from dealwatch.companies.fold import fold

    return [c for c in candidates if c.value == FILES or fold(c.value).startswith(fold(begun)) or not fold(begun)
            or c.value.startswith(begun)]  # fmt: skip


class _Line:
    """How far the words before have led: the command, the option that waits for its value, the arguments taken."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._command: Command = make_group("", COMMANDS, ABOUT, hidden=False)
        self._waiting: Parameter | None = None
        self._taken = 0

    def take(self, word: str) -> None:
        """Go one word on."""
        if self._waiting is not None:
            self._keep(self._waiting, word)
            self._waiting = None
        elif word.startswith("-") and word != "-":
            name, given, value = word.partition("=")
            option = next((p for p in self._command.params if name in p.opts), None)
            if option is None or getattr(option, "is_flag", False) or getattr(option, "count", False):
                return
            if given:
                self._keep(option, value)
            else:
                self._waiting = option
        elif (inner := self._inner(word)) is not None:
            self._command = inner
        else:
            self._taken += 1

    def _inner(self, word: str) -> Command | None:
        group = self._command
        return group.get_command(None, word) if isinstance(group, Commands) else None

    def _keep(self, option: Parameter, value: str) -> None:
        """Which configuration and store the line names: what they know is asked for."""
        for key in ("config", "db"):
            if f"--{key}" in option.opts:
                self._session.given[key] = value

    def candidates(self, begun: str) -> Iterable[Candidate]:
        """What can stand next."""
        if self._waiting is not None:
            return self._values(self._waiting, begun)
        if begun.startswith("-"):
            return [Candidate(max(p.opts, key=len), getattr(p, "help", None) or "") for p in self._command.params
                    if getattr(p, "help", None) and p.opts[0].startswith("-")]  # fmt: skip
        if isinstance(self._command, Commands):
            return [Candidate(name, node.help) for name, node in self._command.nodes.items()]
        arguments = [p for p in self._command.params if p.param_type_name == "argument"]
        many = [p for p in arguments if p.nargs == -1]
        chosen = arguments[self._taken : self._taken + 1] or many[-1:]
        return self._values(chosen[0], begun) if chosen else []

    def _values(self, param: Parameter, begun: str) -> Iterable[Candidate]:
        key = (param.name or "").removeprefix("given_")
        if getattr(param, "metavar", None) in _FILES:
            return [Candidate(FILES)]
        if key in _WORDS:
            return [Candidate(word) for word in _WORDS[key]()]
        kind = _KNOWN.get(key)
        return self._found(kind, begun) if kind else []

    def _found(self, kind: str, begun: str) -> list[Candidate]:
        """What the store knows; nothing where it cannot be read: completion says no word of errors."""
        found: dict[str, str] = {}
        try:
            if kind == "source":
                found |= {source.name: source.kind for source in self._session.config.sources}
            with self._session.store() as store:
                found |= dict(store.complete(kind, begun))
        except DealwatchError:
            pass
        return [Candidate(value, help) for value, help in found.items()]


def _types() -> Sequence[str]:
    from dealwatch.model import DEAL_TYPES

    return DEAL_TYPES


def _statuses() -> Sequence[str]:
    from dealwatch.model import STATUSES

    return STATUSES


def _formats() -> Sequence[str]:
    from dealwatch.present import FORMATS
    from dealwatch.present.files import ENDINGS

    return tuple(dict.fromkeys([*FORMATS, *ENDINGS.values()]))


def _exports() -> Sequence[str]:
    from dealwatch.present import EXPORTS

    return tuple(EXPORTS)


def _groups() -> Sequence[str]:
    from dealwatch.present.groups import GROUPINGS

    return tuple(GROUPINGS)


def _spans() -> Sequence[str]:
    return ("today", "yesterday", "7d", "2w", "30d", "3m", "1y")


_WORDS: Mapping[str, Callable[[], Sequence[str]]] = {
    "type": _types, "status": _statuses, "format": _formats, "what": _exports, "group_by": _groups, "since": _spans,
    "until": _spans, "as_of": _spans, "start": _spans, "end": _spans, "older_than": lambda: ("1y", "2y", "5y"),
    "topic": lambda: ("ai", "any"), "shell": lambda: ("bash", "zsh", "fish"),
}  # fmt: skip


def print_candidates(words: Sequence[str], session: Session) -> int:
    """Write what can follow, a line each: the value, a tab, what it is."""
    from dealwatch.present.cells import flatten

    found = complete(words, session)
    session.write(f"{flatten(value)}\t{flatten(help)[:60]}\n" for value, help in found)
    return 0

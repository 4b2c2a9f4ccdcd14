"""One run of the program: what the user gave, where data and words go, and the doors to configuration and store."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from dealwatch.commands.words import say_line
from dealwatch.errors import DealwatchError, UsageError
from dealwatch.present import FORMATS, Listing, Look, Row, pieces
from dealwatch.present.columns import choose_columns

if TYPE_CHECKING:
    from dealwatch.config import Config
    from dealwatch.store import Store

ROWS_ON_A_TERMINAL = 50  # a table there is cut to so many, and says so


def _fill_closed() -> None:
    """Open what the caller closed (`>&-`) on nothing, in order, so that no store is opened as standard output."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - until the end of the process


def _utf8(stream: TextIO) -> TextIO:
    """The stream in UTF-8 when a file or pipe is behind it; a terminal keeps its own encoding, and never fails."""
    if isinstance(stream, io.TextIOWrapper):
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return stream


class Session:  # no dataclass: those cost a millisecond each at every start
    """What one run was given and where it speaks: data to `out`, words to `err`."""

    def __init__(self, out: TextIO, err: TextIO, env: Mapping[str, str], now: datetime) -> None:
        self.out, self.err, self.env, self.now = out, err, env, now
        self.given: dict[str, object] = {}  # what the options said, by their keys
        self.closed = False  # the reader of `out` has gone

    @classmethod
    def start(cls) -> Session:
        """A session on the process's own streams, clock and environment."""
        _fill_closed()
        return cls(_utf8(sys.stdout), _utf8(sys.stderr), os.environ, datetime.now(UTC))

    # -- what was given ----------------------------------------------------------------------------------------------

    def flag(self, key: str) -> bool:
        """Whether a flag was given."""
        return bool(self.given.get(key))

    def text(self, key: str) -> str | None:
        """The value of an option, None where it was not given."""
        value = self.given.get(key)
        return None if value is None else str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """The values of an option that may be given several times."""
        value = self.given.get(key)
        return tuple(str(part) for part in value) if isinstance(value, Sequence) and not isinstance(value, str) else ()

    def number(self, key: str) -> int | None:
        """The value of an option that counts, 1 at least."""
        text = self.text(key)
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and int(text[:10]) > 0 and len(text) <= 10):
            name = key.replace("_", "-")
            raise UsageError(f"--{name} wants a whole number from 1, not {text[:20]!r}", f"leave --{name} out for all")
        return int(text)

    @property
    def verbosity(self) -> int:
        """0 for words as usual, 1 and 2 for more."""
        count = self.given.get("verbose", 0)
        return count if isinstance(count, int) else 0

    # -- words -------------------------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """A line of words, unless the user wants quiet."""
        if not self.flag("quiet"):
            say_line(self.err, text)

    def warn(self, text: str) -> None:
        """A line of words that even a quiet user wants: a failure that does not end the run."""
        say_line(self.err, text)

    def start_log(self) -> None:
        """Begin the log where the user wants one; nothing is loaded for it where nothing could write to it."""
        path = self._path("log")
        wanted = path is not None or self.verbosity or self.flag("debug")
        if not wanted and "logging" not in sys.modules:
            return
        from dealwatch.commands.logs import start_log

        start_log(path, self.err, self.verbosity, quiet=self.flag("quiet"), debug=self.flag("debug"))

    def log_traceback(self, trace: str) -> bool:
        """Write a traceback to the log file; whether there is one."""
        if self._path("log") is None:
            return False
        from dealwatch.commands.logs import LOGGER, has_file

        LOGGER.error("unexpected error\n%s", trace)
        return has_file()

    def finish(self) -> None:
        """Hand over what is still buffered and close the log."""
        self.write(())
        if "dealwatch.commands.logs" in sys.modules:
            from dealwatch.commands.logs import stop_log

            stop_log()

    # -- data --------------------------------------------------------------------------------------------------------

    @cached_property
    def is_terminal(self) -> bool:
        """Whether data goes to a terminal."""
        return self.out.isatty()

    @cached_property
    def color(self) -> bool:
        """Whether data may be coloured."""
        wanted = not (self.flag("no_color") or self.env.get("NO_COLOR"))
        return self.is_terminal and wanted and self.env.get("TERM") != "dumb"

    @cached_property
    def width(self) -> int | None:
        """The terminal's width; None where there is no terminal."""
        if not self.is_terminal:
            return None
        from shutil import get_terminal_size

        return max(40, get_terminal_size().columns)

    def write(self, parts: Iterable[str]) -> None:
        """Write data; a reader that has gone ends it quietly, a full disk is an error."""
        if self.closed:
            return
        with self._sending():
            for part in parts:
                self.out.write(part)
            self.out.flush()

    @contextmanager
    def _sending(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            self.close()
        except OSError as error:
            self.close()
            said = f"cannot write the output: {error.strerror}"
            raise DealwatchError(said, "make room, or write elsewhere") from None

    def write_bytes(self, data: bytes) -> None:
        """Write data that is no text, as `write` does; UsageError on a terminal, which cannot show it."""
        binary = getattr(self.out, "buffer", None)
        if self.is_terminal or binary is None:
            raise UsageError("a terminal cannot show this format", "name a file, or send it through a pipe")
        self.write(())  # what was said before goes out before
        if self.closed:
            return
        with self._sending():
            binary.write(data)
            binary.flush()

    def close(self) -> None:
        """Nothing more goes out, what is still buffered included: the interpreter would trip over it at its end."""
        self.closed = True
        try:
            descriptor = self.out.fileno()
        except (OSError, ValueError):
            return
        with open(os.devnull, "w") as nothing:
            os.dup2(nothing.fileno(), descriptor)

    def chosen_format(self) -> str:
        """The format that was asked for, else a table on a terminal and TSV in a pipe."""
        asked = [name for name in ("json", "csv") if self.flag(name)]
        if text := self.text("format"):
            asked.append(text.lower())
        if len(set(asked)) > 1:
            raise UsageError(f"{' and '.join(asked)}: one format at a time", "leave out all but one")
        if not asked:
            return "table" if self.is_terminal else "tsv"
        if asked[0] not in FORMATS:
            raise UsageError(f"unknown format {asked[0][:40]!r}", f"one of {', '.join(FORMATS)}")
        return asked[0]

    def _look(self, listing: Listing) -> Look:
        named = self.text("columns")
        columns = choose_columns(listing, named) if named is not None else None
        return Look(columns, self.width, self.color, headers=not self.flag("no_headers"))

    def check(self, listing: Listing) -> None:
        """Raise UsageError for a format or column that there is not, before anything is read for it."""
        self.chosen_format()
        self._look(listing)
        self.sorted((), listing)

    @property
    def limit(self) -> int | None:
        """How many rows to read: --limit, but all of them where another order than the store's is asked for."""
        limit = self.number("limit")
        return None if self.text("sort") else limit

    def sorted(self, rows: Sequence[Row], listing: Listing) -> Sequence[Row]:
        """The rows in the order of --sort, so many as --limit says; as they are where no order is asked for."""
        sort = self.text("sort")
        if sort is None:
            return rows
        from dealwatch.present.ordering import sort_rows

        return sort_rows(rows, sort, listing)[: self.number("limit")]

    @property
    def shown_at_most(self) -> int | None:
        """How many rows `show` will show, where that can be known before they are read: None for all."""
        if self.text("sort"):
            return None
        is_cut = self.is_terminal and self.chosen_format() == "table"
        return self.number("limit") or (ROWS_ON_A_TERMINAL if is_cut else None)

    def show(self, rows: Sequence[Row], listing: Listing, of: int | None = None) -> None:
        """Print rows as the user wants them; only a table on a terminal is cut, and says so. `of` is how many there
        are, where no more were read than are shown.
        """
        rows = self.sorted(rows, listing)
        format, look, shown = self.chosen_format(), self._look(listing), rows
        if format == "table" and self.is_terminal and self.text("limit") is None:
            shown = rows[:ROWS_ON_A_TERMINAL]
        if rows or format != "table":
            self.write(pieces(shown, listing, format, look))
        if not rows and format == "table":
            self.say(f"no {listing.name}")
        if len(shown) < (many := max(len(rows), of or 0)):
            self.say(f"{len(shown)} of {many} {listing.name} shown; --limit {many} shows all")

    # -- configuration and store -------------------------------------------------------------------------------------

    def _path(self, key: str) -> Path | None:
        text = self.text(key)
        return Path(text).expanduser() if text else None

    @cached_property
    def config(self) -> Config:
        """The configuration; the defaults where there is no file."""
        from dealwatch.config import find_config, load_config

        return load_config(find_config(self._path("config"), self.env), self.env)

    @cached_property
    def store_path(self) -> Path:
        """Where the store lies; reads the configuration only where nothing nearer says it."""
        option = self._path("db")
        if option is not None and self.text("config") is None:
            return option
        from dealwatch.config import Config, default_store_path

        is_said = option is not None or self.env.get("DEALWATCH_DB")
        config = Config() if is_said and self.text("config") is None else self.config
        return default_store_path(option, self.env, config)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store for reading; what SQLite says against it is a StoreError in one line."""
        import sqlite3

        from dealwatch.store import Store
        from dealwatch.store.connection import unreadable

        try:
            with Store(self.store_path) as store:
                yield store
        except sqlite3.Error as error:
            raise unreadable(self.store_path, error) from error

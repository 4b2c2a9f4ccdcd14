"""The program: its exit code, and one line for whatever went wrong."""

from __future__ import annotations

import errno
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

from dealwatch.commands.session import Session
from dealwatch.commands.words import many_lines, say_line
from dealwatch.errors import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_OK, EXIT_TERMINATED, EXIT_USAGE, DealwatchError


class _Terminated(BaseException):
    """The process was told to end; no handler in between may take it for an error."""


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    if current_thread() is not main_thread():  # only there may a handler be set
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _fail(session: Session, message: str, hint: str, code: int) -> int:
    say_line(session.err, f"error: {message}")
    if hint:
        say_line(session.err, f"hint: {hint}")
    return code


def _fail_unexpected(session: Session, error: Exception) -> int:
    import traceback

    trace = many_lines("".join(traceback.format_exception(error)))
    logged = session.log_traceback(trace)
    if session.flag("debug"):
        session.err.write(trace)
    where = "the traceback is in the log" if logged else "--debug shows the traceback"
    return _fail(session, f"unexpected {type(error).__name__}: {error}", f"{where}; please report it", EXIT_FAILED)


def _usage(error: Exception) -> tuple[str, str]:
    """Message and hint of an error that typer found in the arguments."""
    message = str(getattr(error, "message", "") or error)
    format_message = getattr(error, "format_message", None)
    near = getattr(error, "possibilities", None)
    if format_message and not near:
        message = format_message()
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "dealwatch"
    message, _, guess = message.partition(" Did you mean ")
    hint = f"did you mean {' or '.join(near) + '?' if near else guess} " if near or guess else ""
    return message[:1].lower() + message[1:].rstrip("."), f"{hint}`{path} --help` shows what it takes"


def _run(argv: Sequence[str], session: Session) -> int:
    from typer.exceptions import TyperException

    from dealwatch.commands.app import run

    try:
        if session.env.get("_DEALWATCH_COMPLETE"):
            from dealwatch.commands.completing import print_candidates

            return print_candidates(argv, session)
        return run(argv, session)
    except DealwatchError as error:
        return _fail(session, error.message, error.hint, error.exit_code)
    except TyperException as error:
        return _fail(session, *_usage(error), EXIT_USAGE)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except SystemExit:  # typer's answer to a closed pipe while it prints help
        session.close()
        return EXIT_OK
    except _Terminated:
        return EXIT_TERMINATED
    except Exception as error:  # noqa: BLE001 - the top of the program
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            session.close()
            return _fail(session, f"cannot write: {error.strerror}", "make room, or write elsewhere", EXIT_FAILED)
        return _fail_unexpected(session, error)


def main(argv: Sequence[str] | None = None, session: Session | None = None) -> int:
    """Run a command line (the process's own by default, on its own streams) and return the exit code; never raises."""
    session = session or Session.start()
    with _ending_on_sigterm():
        code = _run(sys.argv[1:] if argv is None else argv, session)
    if code in (EXIT_INTERRUPTED, EXIT_TERMINATED):
        say_line(session.err, "interrupted")
    try:
        session.finish()
    except DealwatchError as error:
        code = code or _fail(session, error.message, error.hint, error.exit_code)
    return code


if __name__ == "__main__":
    sys.exit(main())

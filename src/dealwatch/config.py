"""The configuration: one TOML file, checked whole, turned into frozen values.

Stands on the start-up path of every command, so it imports only what the standard library gives cheaply; platformdirs
(18 ms) and difflib are imported where they are needed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from dealwatch import __version__
from dealwatch.errors import ConfigError
from dealwatch.model import Source

CONFIG_NAME, STORE_NAME = "config.toml", "dealwatch.db"
USER_AGENT = f"dealwatch/{__version__} (news reader; respects robots.txt)"
_EXAMPLE = Path(__file__).parent / "data" / "config.example.toml"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(\d{1,7})\s{0,3}([smhdw])\Z")
_HOST_PORT = re.compile(r"(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253}):(\d{1,5})\Z")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]{0,99})\}")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Read = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How pages and feeds are asked for."""

    timeout: float = 20.0  # seconds, one deadline for the whole exchange
    workers: int = 16
    per_host: int = 2
    delay: float = 1.0  # seconds between two requests to one host
    user_agent: str = USER_AGENT
    proxy: str | None = None
    allow_private: tuple[str, ...] = ()  # "host:port", the only way to an address that is not public
    page_bytes: int = 2_000_000
    feed_bytes: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the user settled, with defaults where nothing was said."""

    path: Path | None = None
    store_path: Path | None = None
    register_path: Path | None = None
    fetch: FetchSettings = field(default_factory=FetchSettings)
    sources: tuple[Source, ...] = ()
    notify_command: tuple[str, ...] = ()


# --- where things lie ------------------------------------------------------------------------------------------------


def _folder(env: Mapping[str, str], variable: str, kind: str) -> Path:
    said = env.get(variable, "")
    if said and Path(said).is_absolute():  # the XDG rule: a relative path there is to be ignored
        return Path(said) / "dealwatch"
    import platformdirs

    folders = {"config": platformdirs.user_config_path, "data": platformdirs.user_data_path}
    return folders[kind]("dealwatch", appauthor=False)


def default_config_path(env: Mapping[str, str]) -> Path:
    """Where `init` writes and where the configuration is looked for last: the XDG config folder."""
    return _folder(env, "XDG_CONFIG_HOME", "config") / CONFIG_NAME


def find_config(option: Path | None, env: Mapping[str, str]) -> Path | None:
    """The configuration file, or None: --config, DEALWATCH_CONFIG, ./dealwatch.toml, then the XDG folder."""
    named = option or (Path(env["DEALWATCH_CONFIG"]).expanduser() if env.get("DEALWATCH_CONFIG") else None)
    if named is not None:
        if not named.is_file():
            by = "--config" if option else "DEALWATCH_CONFIG"
            raise ConfigError(f"{named}: no such file (named by {by})", "dealwatch init FILE writes a commented one")
        return named
    for path in (Path("dealwatch.toml"), default_config_path(env)):
        if path.is_file():
            return path
    return None


def default_store_path(option: Path | None, env: Mapping[str, str], config: Config) -> Path:
    """The database: --db, DEALWATCH_DB, `[store] path`, the XDG data folder."""
    if option is not None:
        return option
    if env.get("DEALWATCH_DB"):
        return Path(env["DEALWATCH_DB"]).expanduser()
    return config.store_path or _folder(env, "XDG_DATA_HOME", "data") / STORE_NAME


def example_text() -> str:
    """The commented configuration that `init` writes."""
    return _EXAMPLE.read_text(encoding="utf-8")


def write_example(path: Path) -> None:
    """The commented configuration written to a new file; an existing one is never touched."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as handle:
            handle.write(example_text())
    except FileExistsError:
        raise ConfigError(f"{path} exists already", "name another file, or edit that one") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or 'cannot be written'}", "name a file you can write") from None


# --- one value -------------------------------------------------------------------------------------------------------
# A reader takes what TOML gave and returns what we keep, or raises ValueError with what is wanted in a few words.


def _text(value: object) -> str:
    if not isinstance(value, str) or _CONTROL.search(value):
        raise ValueError("a text in quotes, on one line")
    return value


def _name(value: object) -> str:
    name = _text(value).strip()
    if not 0 < len(name) <= 100:
        raise ValueError("a name of 1 to 100 characters")
    return name


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _count(low: int, high: int) -> Read:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return read


def _seconds(value: object) -> float:
    if isinstance(value, str) and (match := _DURATION.match(value.strip())):
        return float(int(match[1]) * _UNITS[match[2]])
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise ValueError('a time such as "30m", "2h" or "1d", or a number of seconds')
    return float(value)


def _positive(value: object) -> float:
    seconds = _seconds(value)
    if not seconds:
        raise ValueError("more than 0 seconds")
    return seconds


def _whole_seconds(value: object) -> int:
    return int(_seconds(value))


def _one_of(*choices: str) -> Read:
    def read(value: object) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return str(value)

    return read


def _code(pattern: str, wanted: str, *, upper: bool) -> Read:
    def read(value: object) -> str:
        code = _text(value).strip()
        code = code.upper() if upper else code.lower()
        if not re.fullmatch(pattern, code):
            raise ValueError(wanted)
        return code

    return read


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError('a list of texts, such as ["a", "b"]')
    return tuple(_text(item) for item in value)


def _patterns(value: object) -> str:
    """One pattern or a list of them; kept as lines."""
    lines = [_text(value)] if isinstance(value, str) else list(_texts(value))
    if any(len(line) > 200 for line in lines) or len(lines) > 200:
        raise ValueError("at most 200 patterns of 200 characters")
    return "\n".join(line.strip() for line in lines if line.strip())


def _hosts(value: object) -> tuple[str, ...]:
    hosts = tuple(host.lower() for host in _texts(value))
    for host in hosts:
        match = _HOST_PORT.match(host)
        if not match or not 0 < int(match[1]) < 65536:
            raise ValueError('a list of host:port, such as ["127.0.0.1:8080"]')
    return hosts


def _web_address(value: object) -> str:
    address = _text(value).strip()
    scheme, _, rest = address.partition("://")
    if scheme.lower() not in ("http", "https") or not rest.split("/")[0] or re.search(r"\s", address):
        raise ValueError("an address that begins with http:// or https://")
    return address


def _mapping(keys: frozenset[str] | None) -> Read:
    def read(value: object) -> Mapping[str, str]:
        if not isinstance(value, dict):
            raise ValueError("a table of texts")
        for key in value:
            if keys is not None and key not in keys:
                guess = _did_you_mean(key, keys)
                raise ValueError(f"a table without {key!r}{guess}; it takes {', '.join(sorted(keys))}")
        return {key: _text(item) for key, item in value.items()}

    return read


def _headers(value: object) -> Mapping[str, str]:
    headers = cast("Mapping[str, str]", _mapping(None)(value))
    if any(not _HEADER_NAME.match(name) for name in headers):
        raise ValueError("a table of header names and texts")
    return headers


# --- the tables ------------------------------------------------------------------------------------------------------

_SELECTORS = frozenset({"links", "title", "date", "body", "remove"})
_STORE: Mapping[str, Read] = {"path": _text}
_COMPANIES: Mapping[str, Read] = {"register": _text}
_NOTIFY: Mapping[str, Read] = {"command": _texts}
_FETCH: Mapping[str, Read] = {
    "timeout": _positive,
    "workers": _count(1, 64),
    "per_host": _count(1, 64),
    "delay": _seconds,
    "user_agent": _name,
    "proxy": _web_address,
    "allow_private": _hosts,
    "page_bytes": _count(1000, 50_000_000),
    "feed_bytes": _count(1000, 50_000_000),
}
_SOURCE: Mapping[str, Read] = {
    "name": _name,
    "kind": _one_of("feed", "html", "sitemap", "folder"),
    "url": _text,
    "lang": _code(r"[a-z]{2,3}(-[a-z0-9]{2,8})?", 'a language code such as "en" or "fr"', upper=False),
    "country": _code(r"[A-Z]{2}", 'a country code such as "US" or "FR"', upper=True),
    "currency": _code(r"[A-Z]{3}", 'a currency code such as "USD" or "EUR"', upper=True),
    "every": _whole_seconds,
    "tier": _count(1, 3),
    "enabled": _flag,
    "max_items": _count(1, 10_000),
    "full_text": _one_of("auto", "feed", "page"),
    "include": _patterns,
    "exclude": _patterns,
    "selectors": _mapping(_SELECTORS),
    "headers": _headers,
}
_TABLES = {"store": _STORE, "fetch": _FETCH, "companies": _COMPANIES, "notify": _NOTIFY}


def _did_you_mean(word: str, known: frozenset[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, sorted(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _read_table(value: object, readers: Mapping[str, Read], where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where} is not a table", f"write it as {where} on a line of its own")
    known = frozenset(readers)
    for key in value:
        if key not in known:
            raise ConfigError(
                f"{where}: unknown key {key!r}{_did_you_mean(key, known)}", f"it takes {', '.join(sorted(known))}"
            )
    return {key: _read_value(item, readers[key], f"{where} {key}") for key, item in value.items()}


def _read_value(value: object, read: Read, where: str) -> object:
    try:
        return read(value)
    except ValueError as error:
        raise ConfigError(f"{where}: wants {error}", f"mend that line: {where.rsplit(' ', 1)[-1]} = ...") from None


def _expand(name: str, text: str, env: Mapping[str, str], where: str) -> str:
    """A header's text with `${NAME}` replaced; what it was replaced by is never in a message."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in env:
            raise ConfigError(f"{where} headers: {name} wants the variable {match[1]}, which is not set",
                              f"export {match[1]}=..., or take the header out")  # fmt: skip
        return env[match[1]]

    expanded = _VARIABLE.sub(value, text)
    if _CONTROL.search(expanded):
        raise ConfigError(f"{where} headers: {name} holds a line break or a control character", "take it out")
    return expanded


def _read_source(value: object, number: int, folder: Path, env: Mapping[str, str]) -> Source:
    name = value.get("name") if isinstance(value, dict) else None
    where = f"[[source]] {name!r}" if isinstance(name, str) and name.isprintable() else f"[[source]] number {number}"
    fields = _read_table(value, _SOURCE, where)
    for key in ("name", "url"):
        if not fields.get(key):
            raise ConfigError(f"{where}: {key} is missing", f'add a line {key} = "..."')
    kind = fields.setdefault("kind", "feed")
    if kind == "folder":
        fields["url"] = str(_resolve(cast(str, fields["url"]), folder))
    else:
        fields["url"] = _read_value(fields["url"], _web_address, f"{where} url")
    if kind == "html" and not cast("Mapping[str, str]", fields.get("selectors", {})).get("links"):
        raise ConfigError(f"{where}: selectors.links is missing", 'add [source.selectors] with links = "h2 a"')
    if fields.get("enabled", True):
        headers = cast("Mapping[str, str]", fields.get("headers", {}))
        fields["headers"] = {key: _expand(key, text, env, where) for key, text in headers.items()}
    return Source(**fields)  # type: ignore[arg-type]


def _resolve(path: str, folder: Path) -> Path:
    """A path as the file means it: from the home folder, absolute, or beside the file."""
    return folder / Path(path).expanduser()


# --- the whole -------------------------------------------------------------------------------------------------------


def load_config(path: Path | None, env: Mapping[str, str] | None = None) -> Config:
    """The configuration in a file, all of it checked; the defaults without sources where `path` is None.

    A `ConfigError` names the file and the line, or the table and the key, and says the mend.
    """
    if path is None:
        return Config()
    import tomllib  # 7 ms, and many a store is read without a configuration

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return _read_config(data, path, os.environ if env is None else env)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or 'cannot be read'}", "name a file that you can read") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8", "save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {_CONTROL.sub(' ', str(error))[:200]}",
                          'TOML wants quotes round every text: name = "..."') from None  # fmt: skip
    except ConfigError as error:
        raise ConfigError(f"{path}: {error.message}", error.hint) from None


def _read_config(data: Mapping[str, object], path: Path, env: Mapping[str, str]) -> Config:
    known = frozenset(_TABLES) | {"source"}
    for key in data:
        if key not in known:
            raise ConfigError(f"unknown table [{key}]{_did_you_mean(key, known)}",
                              "it takes [store], [fetch], [companies], [notify] and [[source]]")  # fmt: skip
    tables = {name: _read_table(data.get(name, {}), readers, f"[{name}]") for name, readers in _TABLES.items()}
    folder = path.resolve().parent
    store, register = tables["store"].get("path"), tables["companies"].get("register")
    return Config(
        path=path,
        store_path=_resolve(cast(str, store), folder) if store else None,
        register_path=_resolve(cast(str, register), folder) if register else None,
        fetch=FetchSettings(**tables["fetch"]),  # type: ignore[arg-type]
        sources=_read_sources(data.get("source", []), folder, env),
        notify_command=cast("tuple[str, ...]", tables["notify"].get("command", ())),
    )


def _read_sources(value: object, folder: Path, env: Mapping[str, str]) -> tuple[Source, ...]:
    if not isinstance(value, list):
        raise ConfigError("[source] is one table", "write [[source]], with two brackets, for every source")
    sources = tuple(_read_source(item, number, folder, env) for number, item in enumerate(value, 1))
    seen: set[str] = set()
    for source in sources:
        if source.name.casefold() in seen:
            raise ConfigError(f"[[source]] {source.name!r} stands there twice", "give every source a name of its own")
        seen.add(source.name.casefold())
    return sources

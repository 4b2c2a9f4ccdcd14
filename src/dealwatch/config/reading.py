"""The tables of the file, checked key by key; a `ConfigError` names the table and the key, and says the mend."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from dealwatch.config import values as v
from dealwatch.config.settings import Config, FetchSettings
from dealwatch.config.values import CONTROL, VARIABLE, Read, did_you_mean
from dealwatch.errors import ConfigError, hide_secrets
from dealwatch.model import Source

_SELECTORS = frozenset({"links", "title", "date", "body", "remove", "next"})
_STORE: Mapping[str, Read] = {"path": v.read_text}
_COMPANIES: Mapping[str, Read] = {"register": v.read_text}
_NOTIFY: Mapping[str, Read] = {"command": v.read_texts}
_FETCH: Mapping[str, Read] = {
    "timeout": v.read_positive,
    "workers": v.read_count(1, 64),
    "per_host": v.read_count(1, 64),
    "delay": v.read_seconds,
    "user_agent": v.read_name,
    "proxy": v.read_web_address,
    "allow_private": v.read_hosts,
    "page_bytes": v.read_count(1000, 50_000_000),
    "feed_bytes": v.read_count(1000, 50_000_000),
}
_SOURCE: Mapping[str, Read] = {
    "name": v.read_name,
    "kind": v.read_one_of("feed", "html", "sitemap", "folder"),
    "url": v.read_text,
    "lang": v.read_code(r"[a-z]{2,3}(-[a-z0-9]{2,8})?", 'a language code such as "en" or "fr"', upper=False),
    "country": v.read_code(r"[A-Z]{2}", 'a country code such as "US" or "FR"', upper=True),
    "currency": v.read_code(r"[A-Z]{3}", 'a currency code such as "USD" or "EUR"', upper=True),
    "every": v.read_whole_seconds,
    "tier": v.read_count(1, 3),
    "enabled": v.read_flag,
    "max_items": v.read_count(1, 10_000),
    "full_text": v.read_one_of("auto", "feed", "page"),
    "include": v.read_patterns,
    "exclude": v.read_patterns,
    "selectors": v.read_mapping(_SELECTORS),
    "headers": v.read_headers,
}
MOST_PAGES = 10_000  # of a folder: it has no newest ones, as a feed has, and what is cut off would never come
_MARKER = "dealwatch-marker"  # stands for a secret where it is tried whether it would be hidden
_TABLES = {"store": _STORE, "fetch": _FETCH, "companies": _COMPANIES, "notify": _NOTIFY}


def _read_table(value: object, readers: Mapping[str, Read], where: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where} is not a table", f"write it as {where} on a line of its own")
    known = frozenset(readers)
    for key in value:
        if key not in known:
            raise ConfigError(
                f"{where}: unknown key {key!r}{did_you_mean(key, known)}", f"it takes {', '.join(sorted(known))}"
            )
    return {key: _read_value(item, readers[key], f"{where} {key}") for key, item in value.items()}


def _read_value(value: object, read: Read, where: str) -> object:
    try:
        return read(value)
    except ValueError as error:
        raise ConfigError(f"{where}: wants {error}", f"mend that line: {where.rsplit(' ', 1)[-1]} = ...") from None


def _expand(name: str, text: str, env: Mapping[str, str], where: str) -> str:
    """A header's text with `${NAME}` replaced; what it was replaced by is never in a message.

    A variable that is not set stays as written, and the fetch of that source fails by it: the other commands, and the
    other sources, do not need its key.
    """
    expanded = VARIABLE.sub(lambda match: env.get(match[1], match[0]), text).strip()
    if CONTROL.search(expanded):
        raise ConfigError(f"{where} headers: {name} holds a line break or a control character", "take it out")
    return expanded


def _expand_address(text: str, env: Mapping[str, str], where: str) -> str:
    """An address with `${NAME}` replaced, signs that mean something in an address escaped; unset ones stay, as above.

    It takes one only where `hide_secrets` would find it: elsewhere it would stand in the store and in every message.
    """
    if not VARIABLE.search(text):
        return text
    from urllib.parse import quote

    if _MARKER in hide_secrets(VARIABLE.sub(_MARKER, text)):
        hint = 'write it as a login, "https://user:${PASS}@host/", a query "?key=${KEY}", or in headers'
        raise ConfigError(f"{where} url: ${{NAME}} stands where it could not be kept secret", hint)
    return VARIABLE.sub(lambda match: quote(env[match[1]], safe="") if match[1] in env else match[0], text)


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
        fields.setdefault("max_items", MOST_PAGES)
    else:
        fields["url"] = _read_value(fields["url"], v.read_web_address, f"{where} url")
    if kind == "html" and not cast("Mapping[str, str]", fields.get("selectors", {})).get("links"):
        raise ConfigError(f"{where}: selectors.links is missing", 'add [source.selectors] with links = "h2 a"')
    if fields.get("enabled", True):
        headers = cast("Mapping[str, str]", fields.get("headers", {}))
        fields["headers"] = {key: _expand(key, text, env, where) for key, text in headers.items()}
        if kind != "folder":
            fields["url"] = _expand_address(cast(str, fields["url"]), env, where)
    return Source(**fields)  # type: ignore[arg-type]


def _resolve(path: str, folder: Path) -> Path:
    """A path as the file means it: from the home folder, absolute, or beside the file."""
    return folder / Path(path).expanduser()


def read_config(data: Mapping[str, object], path: Path, env: Mapping[str, str]) -> Config:
    """The configuration that a parsed file holds; `path` is where it lies, for what is written relative to it."""
    known = frozenset(_TABLES) | {"source"}
    for key in data:
        if key not in known:
            raise ConfigError(f"unknown table [{key}]{did_you_mean(key, known)}",
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

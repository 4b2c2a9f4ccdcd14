"""The `[[source]]` blocks of a configuration as text: one put in, one taken out, one changed, all else as it was.

A block is cut out of the text by its lines, so that nothing else can change by a byte; what stands inside a block, and
`source = [{...}]`, is written by tomlkit. Each edit is read again and compared with what it was to bring: a text that
this cannot follow is refused, never damaged.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, cast

import tomlkit

from dealwatch.errors import ConfigError

Data = dict[str, object]
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!"")){0,1000000}"{3,5}'
    r"|'''(?:[^']|'(?!'')){0,1000000}'{3,5}"
    r'|"(?:[^"\\\n]|\\.){0,100000}"'
    r"|'[^'\n]{0,100000}'"
    r"|#[^\n]{0,100000}"
    r"|[\[\]{}\n]",
    re.DOTALL,
)
_MARK = "\ufeff"


class Piece(NamedTuple):
    """Lines of the text from a table's header to its last key; which source they belong to, None for another table."""

    start: int
    end: int
    source: int | None


def add_block(text: str, block: str) -> str:
    """The text with a block (or several, as `render_block` gives them) behind all others, a blank line before it."""
    data = _read(text)
    new = _read(block)["source"]
    if _is_inline(text, data):
        return _checked(_add_inline(text, block), {**data, "source": [*_sources(data), *cast("list[object]", new)]})
    mark, body = _split_mark(text)
    end = _line_end(body)
    lines = _lines(body)
    kept = len(lines)
    while kept and not lines[kept - 1].strip():
        kept -= 1
    block = block.replace("\n", end)
    if body and not lines[kept - 1].endswith("\n"):  # a file without a line end at its end stays one
        changed = f"{body}{end}{end}{block.removesuffix(end)}"
    elif kept:
        changed = "".join((*lines[:kept], end, block, *lines[kept:]))
    else:
        changed = f"{body}{end}{block}" if body else block
    return _checked(mark + changed, {**data, "source": [*_sources(data), *cast("list[object]", new)]})


def remove_block(text: str, place: int) -> str:
    """The text without its source number `place` (from 0), the comment lines right above its header and one of the
    blank lines round it.
    """
    data = _read(text)
    sources = _sources(data)
    left = [*sources[:place], *sources[place + 1 :]]
    wanted = {**data, "source": left}
    if _is_inline(text, data):
        return _checked(_change_inline(text, place, None), wanted)
    if not left:
        wanted.pop("source")
    mark, body = _split_mark(text)
    lines = _lines(body)
    for piece in reversed([piece for piece in _pieces(lines) if piece.source == place]):
        lines = _cut(lines, piece)
    return _checked(mark + "".join(lines), wanted)


def switch_block(text: str, place: int, *, on: bool) -> str:
    """The text with `enabled` of its source number `place` set."""
    data = _read(text)
    sources = [dict(cast(Data, source)) for source in _sources(data)]
    sources[place]["enabled"] = on
    wanted = {**data, "source": sources}
    if _is_inline(text, data):
        return _checked(_change_inline(text, place, on), wanted)
    mark, body = _split_mark(text)
    lines = _lines(body)
    piece = next(piece for piece in _pieces(lines) if piece.source == place)
    block = "".join(lines[piece.start : piece.end])
    ended = block.endswith("\n")
    document = tomlkit.parse(block)
    cast("list[Data]", document["source"])[0]["enabled"] = on
    end = _line_end(body)
    changed = tomlkit.dumps(document)
    if end == "\r\n":  # tomlkit writes a new line's end as "\n"
        changed = re.sub(r"(?<!\r)\n", "\r\n", changed)
    lines[piece.start : piece.end] = [changed if ended else changed.removesuffix("\n").removesuffix("\r")]
    return _checked(mark + "".join(lines), wanted)


def render_block(fields: Mapping[str, object]) -> str:
    """A `[[source]]` block in TOML; tables in it (selectors, headers) stand below its plain keys."""
    source = tomlkit.table()
    for key, value in fields.items():
        if not isinstance(value, Mapping):
            source.add(key, list(value) if isinstance(value, tuple) else value)
    blocks = tomlkit.aot()
    blocks.append(source)
    document = tomlkit.document()
    document.add("source", blocks)
    parts = [tomlkit.dumps(document)]
    for key, value in fields.items():
        if isinstance(value, Mapping) and value:
            table = tomlkit.table()
            for name, text in value.items():
                table.add(name, text)
            parts.append(f"\n[source.{key}]\n{tomlkit.dumps(table)}")
    return "".join(parts)


# -- where the blocks are --------------------------------------------------------------------------------------------


def _lines(text: str) -> list[str]:
    """The lines with their ends; only a line feed ends one, unlike `str.splitlines`."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _line_end(text: str) -> str:
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def _split_mark(text: str) -> tuple[str, str]:
    return (_MARK, text[1:]) if text.startswith(_MARK) else ("", text)


def _read(text: str) -> Data:
    return tomllib.loads(text.removeprefix(_MARK))


def _sources(data: Data) -> Sequence[object]:
    return cast("list[object]", data.get("source", []))


def _is_inline(text: str, data: Data) -> bool:
    """Whether the sources are written as `source = [{...}]`."""
    return "source" in data and all(piece.source is None for piece in _pieces(_lines(_split_mark(text)[1])))


def _headers(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines that are headers of tables: those that begin with a bracket outside of every value."""
    text, depth, line, fresh = "".join(lines), 0, 0, True
    at = 0
    for token in _TOKEN.finditer(text):
        word = token[0]
        fresh = fresh and not text[at : token.start()].strip()
        if word == "\n":
            fresh = depth == 0
            line += 1
        elif word == "[" and fresh and depth == 0:
            yield line, lines[line]
            depth, fresh = depth + 1, False
        else:
            depth += (word in "[{") - (word in "]}") if len(word) == 1 else 0
            line += word.count("\n")
            fresh = False
        at = token.end()


def _pieces(lines: Sequence[str]) -> list[Piece]:
    heads = list(_headers(lines))
    pieces, source = [], -1
    for number, (start, header) in enumerate(heads):
        table = tomllib.loads(header)
        stop = heads[number + 1][0] if number + 1 < len(heads) else len(lines)
        is_ours = "source" in table
        source += isinstance(table.get("source"), list)
        end = _last_line(lines, start, stop, at_end=stop == len(lines))
        pieces.append(Piece(start, end, source if is_ours else None))
    return pieces


def _last_line(lines: Sequence[str], start: int, stop: int, *, at_end: bool) -> int:
    """The end of a piece: behind its last key and the comments right below it.

    Blank lines behind it are nobody's, and comments that stand right above the next header are that table's.
    """
    end = stop
    while end > start + 1 and _is_idle(lines[end - 1]):
        end -= 1
    own = end
    while own < stop and lines[own].strip():
        own += 1
    return own if own < stop or at_end else end


def _is_idle(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _cut(lines: list[str], piece: Piece) -> list[str]:
    start, end = piece.start, piece.end
    while start and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    at_end, was_ended = end == len(lines), lines[end - 1].endswith("\n")
    if start and not lines[start - 1].strip():
        start -= 1
    elif not start and end < len(lines) and not lines[end].strip():
        end += 1
    left = lines[:start] + lines[end:]
    if at_end and not was_ended and left:
        left[-1] = left[-1].removesuffix("\n").removesuffix("\r")
    return left


# -- source = [{...}] ------------------------------------------------------------------------------------------------


def _add_inline(text: str, block: str) -> str:
    document = tomlkit.parse(text)
    for source in cast("list[Data]", _read(block)["source"]):
        item = tomlkit.inline_table()
        item.update(source)
        cast("list[object]", document["source"]).append(item)
    return tomlkit.dumps(document)


def _change_inline(text: str, place: int, on: bool | None) -> str:
    document = tomlkit.parse(text)
    sources = cast("list[Data]", document["source"])
    if on is None:
        del sources[place]
    else:
        sources[place]["enabled"] = on
    return tomlkit.dumps(document)


def _checked(text: str, wanted: Data) -> str:
    if _read(text) != wanted:
        raise ConfigError("this file's [[source]] blocks are written in a way that cannot be edited safely",
                          "edit it by hand")  # fmt: skip
    return text

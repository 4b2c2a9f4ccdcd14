"""Edits of the configuration: what they change, and that they change nothing else."""

import os
import stat
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dealwatch.config import example_text, load_config
from dealwatch.config.blocks import add_block, remove_block, render_block, switch_block
from dealwatch.config.editing import (
    add_sources,
    config_to_edit,
    find_sources,
    read_draft,
    remove_sources,
    switch_sources,
)
from dealwatch.errors import ConfigError, NotFound, UsageError

ROWS = tomllib.loads((Path(__file__).parent / "data/config/edits.toml").read_text(encoding="utf-8"))["row"]
NEW = {"name": "New", "kind": "feed", "url": "https://new.example/feed"}
HAND = '# Mine.\n\n[store]\npath = "x.db"\n\n# A.\n[[source]]\nname = "A"\nurl = "https://a.example/"  # here\n'


def edit(path: Path, row: dict[str, str]) -> None:
    if row["do"] == "remove":
        remove_sources(path, [row["name"]], {})
    else:
        switch_sources(path, [row["name"]], {}, on=row["do"] == "enable")


@pytest.mark.parametrize("row", ROWS, ids=[row["says"] for row in ROWS])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_an_edit_changes_its_source_and_nothing_else(row, end, tmp_path):
    path = tmp_path / "c.toml"
    path.write_bytes(row["before"].replace("\n", end).encode())
    edit(path, row)
    assert path.read_bytes().decode() == row["after"].replace("\n", end)


# -- adding, then removing, gives the text back ------------------------------------------------------------------------

LINES = st.sampled_from(
    ["", "  ", "# a comment", "#", "\t# another", "# [[source]]", '# name = "x"', "# é €"]
)
TABLES = st.sampled_from(
    ["[fetch]\ndelay = 3", "[store]\npath = 'a#[b]' # c", '[notify]\ncommand = [\n "a", # ]\n "[[source]]",\n]']
)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(str.strip)


@st.composite
def texts(draw) -> str:
    """A configuration as a hand may have left it."""
    names = draw(st.lists(WORDS, max_size=4, unique_by=lambda word: word.strip().casefold()))
    parts = []
    for name in names:
        fields = {"name": name, "url": "https://x.example/"}
        if draw(st.booleans()):
            fields |= {"kind": "html", "selectors": {"links": draw(WORDS)}}
        parts.append(render_block(fields).rstrip("\n"))
    parts += draw(st.lists(TABLES, max_size=3, unique_by=lambda table: table[:4]))
    lines = [line for part in draw(st.permutations(parts)) for line in (*draw(st.lists(LINES, max_size=3)), part)]
    text = "\n".join((*lines, *draw(st.lists(LINES, max_size=3)))) + draw(st.sampled_from(["", "\n", "\n\n\n"]))
    text = draw(st.sampled_from(["", "\ufeff"])) + text
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


@settings(max_examples=150)
@example("\n  ", "0", False)  # the last of some blank lines has no end
@given(texts(), WORDS, st.booleans())
def test_adding_and_removing_gives_the_text_back(text, name, with_tables):
    fields = {**NEW, "name": name}
    if with_tables:
        fields |= {"selectors": {"links": name}, "headers": {"X-Key": "${KEY}"}, "include": ("a", name)}
    added = add_block(text, render_block(fields))
    sources = tomllib.loads(added.removeprefix("\ufeff"))["source"]
    assert sources[-1]["name"] == name
    assert remove_block(added, len(sources) - 1) == text


@settings(max_examples=100)
@given(texts(), st.data())
def test_every_source_can_be_switched_and_removed(text, data):
    sources = tomllib.loads(text.removeprefix("\ufeff")).get("source", [])
    if not sources:
        return
    place = data.draw(st.integers(0, len(sources) - 1))
    comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
    off = switch_block(text, place, on=False)
    assert [line for line in off.splitlines() if line.lstrip().startswith("#")] == comments
    assert tomllib.loads(off.removeprefix("\ufeff"))["source"][place]["enabled"] is False
    left = tomllib.loads(remove_block(text, place).removeprefix("\ufeff"))  # checks the rest itself
    assert len(left.get("source", [])) == len(sources) - 1


def test_the_long_example_takes_every_edit_and_gives_it_back():
    text = example_text()
    count = len(tomllib.loads(text)["source"])
    assert remove_block(add_block(text, render_block(NEW)), count) == text
    for place in range(0, count, 7):
        assert switch_block(switch_block(text, place, on=False), place, on=True).replace("enabled = true\n", "") == (
            text.replace("enabled = true\n", "")
        )


def test_a_text_of_a_megabyte_is_edited_in_linear_time():
    text = "".join(f'# {"x" * 900}\n[[source]]\nname = "S{n}"\nurl = "https://x.example/"\n\n' for n in range(1000))
    assert remove_block(add_block(text, render_block(NEW)), 1000) == text


@pytest.mark.parametrize("text", ["source = []\n", 'source = [{name="A", url="https://a.example/"}]\n'])
def test_sources_in_one_line_take_another(text):
    added = add_block(text, render_block({**NEW, "selectors": {"links": "a"}}))
    sources = tomllib.loads(added)["source"]
    assert sources[-1] == {**NEW, "selectors": {"links": "a"}}
    assert remove_block(added, len(sources) - 1) == text


# -- the file ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "c.toml"
    path.write_text(HAND)
    return path


def test_a_file_keeps_its_mode_its_place_and_its_link(path, tmp_path):
    path.chmod(0o640)
    link = tmp_path / "elsewhere" / "link.toml"
    link.parent.mkdir()
    link.symlink_to("../c.toml")
    config = add_sources(link, [NEW], {})
    assert [source.name for source in config.sources] == ["A", "New"]
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.read_text() == HAND + "\n" + render_block(NEW)
    assert sorted(tmp_path.rglob("*")) == sorted([path, link, link.parent])  # no temporary file, no lock left


def test_where_no_file_is_one_is_made(tmp_path):
    path = tmp_path / "new" / "config.toml"
    before = os.umask(0o027)
    try:
        add_sources(path, [NEW], {})
    finally:
        os.umask(before)
    assert path.read_text() == render_block(NEW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_the_file_to_edit_is_the_one_that_is_read_else_where_init_would_write(tmp_path, path):
    env = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert config_to_edit(None, env) == tmp_path / "dealwatch" / "config.toml"
    assert config_to_edit(None, {**env, "DEALWATCH_CONFIG": str(path)}) == path
    assert config_to_edit(tmp_path / "other.toml", {**env, "DEALWATCH_CONFIG": str(path)}) == tmp_path / "other.toml"


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (b"[[source]\nname = 'A'\n", "c.toml: "),
        (b"[[source]]\nname = 'A'\n", "url is missing"),
        (b"x = '\xff'\n", "not UTF-8"),
        (b"source = 3\n", "one table"),
    ],
)
def test_a_broken_file_is_an_error_in_one_line_and_stays(path, broken, says):
    path.write_bytes(broken)
    with pytest.raises(ConfigError) as caught:
        add_sources(path, [NEW], {})
    assert says in caught.value.message
    assert "\n" not in caught.value.message
    assert path.read_bytes() == broken


def test_what_the_reader_would_refuse_is_never_written(path):
    with pytest.raises(ConfigError, match=r"left as it was.*twice"):
        add_sources(path, [{**NEW, "name": "a"}], {})
    assert path.read_text() == HAND


def test_a_read_only_file_stays(path):
    path.chmod(0o444)
    with pytest.raises(ConfigError, match="read-only"):
        remove_sources(path, ["A"], {})
    assert path.read_text() == HAND


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_an_error_in_one_line(path, tmp_path):
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(ConfigError, match="Permission denied"):
            add_sources(path, [NEW], {})
    finally:
        tmp_path.chmod(0o755)


def test_a_folder_in_place_of_the_file_is_an_error_in_one_line(tmp_path):
    with pytest.raises(ConfigError):
        add_sources(tmp_path, [NEW], {})


def test_edits_at_the_same_time_wait_for_each_other(path):
    def add(number: int) -> None:
        add_sources(path, [{**NEW, "name": f"N{number}"}], {})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(16)))
    names = [source.name for source in load_config(path, {}).sources]
    assert sorted(names) == sorted(["A", *(f"N{number}" for number in range(16))])


def test_all_names_are_removed_or_none(path):
    add_sources(path, [NEW], {})
    text = path.read_text()
    with pytest.raises(NotFound):
        remove_sources(path, ["A", "Gone"], {})
    assert path.read_text() == text
    assert remove_sources(path, ["new", "A"], {}).sources == ()


def test_names_are_found_case_aside_and_guessed(path):
    config = add_sources(path, [{**NEW, "name": "L\u2019Éclaireur"}], {})
    assert [source.name for source in find_sources(config, ["l\u2019éclaireur", "a", "A"])] == ["L\u2019Éclaireur", "A"]
    with pytest.raises(NotFound) as caught:
        find_sources(config, ["l\u2019eclaireur"])
    assert caught.value.hint == "did you mean 'L\u2019Éclaireur'?"


def test_a_draft_with_a_bad_value_is_a_usage_error(path):
    with pytest.raises(UsageError, match="tier: wants a whole number from 1 to 3"):
        read_draft({**NEW, "tier": 9}, path, {})
    with pytest.raises(UsageError, match="name: wants a text in quotes, on one line"):
        read_draft({**NEW, "name": "a\nb"}, path, {})


# -- ${NAME} in an address ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://ann:${PASS}@x.example/feed", "https://ann:p%40ss%2Fw%C3%A9@x.example/feed"),
        ("https://x.example/feed?api_key=${PASS}", "https://x.example/feed?api_key=p%40ss%2Fw%C3%A9"),
        ("https://ann:${NOT_SET}@x.example/feed", "https://ann:${NOT_SET}@x.example/feed"),
    ],
)
def test_an_address_takes_its_login_from_the_environment(written, read, path):
    config = add_sources(path, [{**NEW, "url": written}], {"PASS": "p@ss/wé"})
    assert config.sources[-1].url == read
    assert written in path.read_text()


@pytest.mark.parametrize("url", ["https://x.example/${PASS}/feed", "https://${PASS}/feed", "https://x.example/?q=${PASS}"])
def test_it_takes_none_where_it_could_not_be_hidden(url, path):
    with pytest.raises(ConfigError, match="could not be kept secret"):
        add_sources(path, [{**NEW, "url": url}], {"PASS": "p"})

"""The configuration: lookup, every key, every way to break it."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealwatch.config import (
    Config,
    FetchSettings,
    default_config_path,
    default_store_path,
    example_text,
    find_config,
    load_config,
    write_example,
)
from dealwatch.errors import ConfigError
from dealwatch.model import Source

DATA = Path(__file__).parent / "data/config"
ROWS = tomllib.loads((DATA / "broken.toml").read_text(encoding="utf-8"))["row"]
ENV = {"LIVE_KEY": "open", "BROKEN": "hunter2\r\nX: y"}


def test_without_a_file_the_defaults_stand():
    assert load_config(None) == Config(None, None, None, FetchSettings(), (), ())


def test_every_key_is_read():
    config = load_config(DATA / "good.toml", ENV)
    assert config.path == DATA / "good.toml"
    assert config.store_path == DATA.resolve() / "here/news.db"
    assert config.register_path == DATA.resolve() / "mine.toml"
    assert config.notify_command == ("notify-send", "deals")
    assert config.fetch == FetchSettings(
        7.5, 8, 1, 2.0, "tester/1", "http://user:word@proxy.example:3128",
        ("127.0.0.1:8080", "[::1]:8080", "localhost:9"), 1_000_000, 3_000_000,
    )  # fmt: skip
    wire, presse, live, saved = config.sources
    assert wire == Source("Wire", "feed", "https://wire.example/feed.xml")
    assert presse == Source(
        "Presse", "html", "https://presse.example/ia/", "fr", "FR", "EUR", 7200, 1, False, 20, "page",
        "IA\n*levée*", "sponsorisé",
        {"links": "h2 a", "title": "h1", "date": "time@datetime", "body": "article p", "remove": ".pub"},
        {"Authorization": "Bearer ${PRESSE_KEY}"},  # a source that is off may lack its key
    )  # fmt: skip
    assert live.headers == {"X-Key": "a-open-z", "X-Other": "${NOT_SET}"}  # its fetch fails, not every command
    assert (saved.kind, saved.url, saved.every) == ("folder", str(DATA.resolve() / "pages"), 86_400)


@pytest.mark.parametrize("row", ROWS, ids=[row["says"][0] for row in ROWS])
def test_a_broken_configuration_says_what_and_how_to_mend_it(row, tmp_path):
    path = tmp_path / "c.toml"
    path.write_text(row["toml"], encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path, ENV)
    message = caught.value.message
    assert message.startswith(f"{path}: ")
    assert caught.value.hint
    assert "\n" not in message + caught.value.hint
    for words in row["says"]:
        assert words in message
    for words in row.get("hides", ()):
        assert words not in message + caught.value.hint


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        load_config(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_config(tmp_path / "latin.toml")
    (tmp_path / "deep.toml").write_text("a = " + "[" * 100_000)
    with pytest.raises(ConfigError, match="brackets"):
        load_config(tmp_path / "deep.toml")
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbf[fetch]\nworkers = 3\n")
    assert load_config(tmp_path / "bom.toml").fetch.workers == 3


def test_lookup_order(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    env = {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}
    assert find_config(None, env) is None
    xdg = default_config_path(env)
    assert xdg == tmp_path / "xdg/dealwatch/config.toml"
    for path in (xdg, Path("dealwatch.toml"), tmp_path / "env.toml", tmp_path / "option.toml"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        named = path.name in ("env.toml", "option.toml")
        env_now = env | ({"DEALWATCH_CONFIG": str(tmp_path / "env.toml")} if named else {})
        option = path if path.name == "option.toml" else None
        assert find_config(option, env_now) == path


def test_a_named_file_must_exist(tmp_path):
    with pytest.raises(ConfigError, match="named by --config"):
        find_config(tmp_path / "a.toml", {})
    with pytest.raises(ConfigError, match="named by DEALWATCH_CONFIG"):
        find_config(None, {"DEALWATCH_CONFIG": str(tmp_path / "a.toml")})


def test_store_path_order(tmp_path):
    env = {"DEALWATCH_DB": "/env.db", "XDG_DATA_HOME": str(tmp_path)}
    config = Config(store_path=Path("/config.db"))
    assert default_store_path(Path("/option.db"), env, config) == Path("/option.db")
    assert default_store_path(None, env, config) == Path("/env.db")
    del env["DEALWATCH_DB"]
    assert default_store_path(None, env, config) == Path("/config.db")
    assert default_store_path(None, env, Config()) == tmp_path / "dealwatch/dealwatch.db"
    assert default_store_path(None, {}, Config()).name == "dealwatch.db"
    relative = default_store_path(None, {"XDG_DATA_HOME": "relative"}, Config())  # to be ignored, says XDG
    assert relative.is_absolute()


def test_the_example_is_written_once_and_loads(tmp_path):
    try:
        text = example_text()
    except FileNotFoundError:
        pytest.skip("no bundled example yet")
    path = tmp_path / "new/folder/dealwatch.toml"
    write_example(path)
    assert path.read_text(encoding="utf-8") == text
    config = load_config(path, {})
    assert config.sources
    with pytest.raises(ConfigError, match="exists already"):
        write_example(path)
    with pytest.raises(ConfigError):
        write_example(path / "below-a-file.toml")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_loads_or_is_a_config_error(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        load_config(path, {})
    except ConfigError as error:
        assert error.message.isprintable()  # noqa: PT017


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


@given(st.sampled_from(["timeout", "workers", "proxy", "allow_private", "nonsense"]), VALUES)
def test_any_value_of_a_key_is_taken_or_is_a_config_error(key, value):
    from dealwatch.config.reading import read_config

    try:
        read_config({"fetch": {key: value}, "source": value}, Path("c.toml"), {})
    except ConfigError:
        pass


LIGHT = ["dealwatch.config", "dealwatch.sources, dealwatch.fetch, dealwatch.fetch.schedule"]


@pytest.mark.parametrize("modules", LIGHT)
def test_importing_it_stays_cheap(modules):
    heavy = {"httpx", "tomlkit", "platformdirs", "feedparser", "selectolax", "dateutil", "protego", "difflib"}
    script = f"import sys, {modules}; print({heavy!r} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

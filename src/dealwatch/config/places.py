"""Where the configuration, its example and the store lie."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dealwatch.config.settings import Config
from dealwatch.errors import ConfigError

CONFIG_NAME, STORE_NAME = "config.toml", "dealwatch.db"
LOCAL_NAME = "dealwatch.toml"  # looked for in the folder where the program runs
_EXAMPLE = Path(__file__).parent.parent / "data" / "config.example.toml"


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
    for path in (Path(LOCAL_NAME), default_config_path(env)):
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

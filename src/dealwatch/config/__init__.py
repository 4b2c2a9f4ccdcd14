"""The configuration: one TOML file, checked whole, turned into frozen values.

Stands on the start-up path of every command, so it imports only what is cheap; tomllib (7 ms), platformdirs (18 ms)
and difflib are imported where they are needed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from dealwatch.config.places import default_config_path, default_store_path, example_text, find_config, write_example
from dealwatch.config.settings import Config, FetchSettings
from dealwatch.errors import ConfigError

__all__ = [
    "Config",
    "FetchSettings",
    "default_config_path",
    "default_store_path",
    "example_text",
    "find_config",
    "load_config",
    "write_example",
]


def load_config(path: Path | None, env: Mapping[str, str] | None = None) -> Config:
    """The configuration in a file, all of it checked; the defaults without sources where `path` is None.

    A `ConfigError` names the file and the line, or the table and the key, and says the mend.
    """
    if path is None:
        return Config()
    import tomllib  # many a store is read without a configuration

    from dealwatch.config.reading import read_config
    from dealwatch.config.values import CONTROL

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return read_config(data, path, os.environ if env is None else env)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or 'cannot be read'}", "name a file that you can read") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8", "save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {CONTROL.sub(' ', str(error))[:200]}",
                          'TOML wants quotes round every text: name = "..."') from None  # fmt: skip
    except RecursionError:
        raise ConfigError(f"{path}: brackets within brackets without end", "a list of a source is flat") from None
    except ConfigError as error:
        raise ConfigError(f"{path}: {error.message}", error.hint) from None

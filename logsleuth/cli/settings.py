"""Options from files and the environment, each value with its origin.

Lowest first: /etc/logsleuth.toml, the user's own config.toml, the file of --config, and variables such as LOGSLEUTH_TZ.
The command line overrides all. Nothing is read from the folder of a log, or from the current one.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from logsleuth.bounded import read_toml
from logsleuth.errors import LogsleuthError
from logsleuth.home import system_folder
from logsleuth.spelling import suggestion
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SYSTEM: Final = system_folder().with_suffix(".toml")
PREFIX: Final = "LOGSLEUTH_"
LARGEST: Final = 1_000_000
"""Bytes of a file of settings that are read."""


@dataclass(frozen=True, slots=True)
class Setting:
    """An option that may be set for all commands that have it."""

    name: str
    """As in a file; with capitals and underscores, as a variable."""
    parameter: str
    """What the commands call it."""
    is_list: bool = False
    """In a variable, its items are written like shell words."""
    is_number: bool = False


SETTINGS: Final = (
    Setting("tz", "tz"),
    Setting("patterns", "patterns", is_list=True),
    Setting("log-format", "log_formats", is_list=True),
    Setting("access-format", "access_formats", is_list=True),
    Setting("httpd-conf", "httpd_conf"),
    Setting("jobs", "jobs", is_number=True),
    Setting("engine", "engine"),
    Setting("redact", "redact"),
    Setting("redact-words", "redact_words"),
    Setting("lost", "lost"),
    Setting("grace", "grace"),
    Setting("restarts", "restarts"),
    Setting("critical", "critical", is_list=True),
)
BY_NAME: Final = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Value:
    """A value that is set, and where."""

    setting: Setting
    value: Any
    origin: str
    """A path, or the name of a variable."""


def values(named: str | None, environment: Mapping[str, str], files: Sequence[Path]) -> tuple[Value, ...]:
    """The values in force, in the order of SETTINGS; `named`: a file that must exist. Raises LogsleuthError."""
    found = {value.setting.name: value for path in files for value in _of_file(path, must_exist=False)}
    if named is not None:
        found |= {value.setting.name: value for value in _of_file(Path(named), must_exist=True)}
    found |= {value.setting.name: value for value in _of_environment(environment)}
    return tuple(found[setting.name] for setting in SETTINGS if setting.name in found)


def usual_files() -> tuple[Path, ...]:
    """The system's file and the user's."""
    from logsleuth.library.load import config_folder

    return SYSTEM, config_folder() / "config.toml"


def defaults(found: Sequence[Value], commands: Sequence[str]) -> dict[str, Any]:
    """The values as click takes them: for each command; one that has no such option ignores it."""
    shared = {value.setting.parameter: value.value for value in found}
    return dict.fromkeys(commands, shared)


def _of_file(path: Path, *, must_exist: bool) -> Iterator[Value]:
    text = _text(path, must_exist=must_exist)
    if not text:
        return
    try:
        table = read_toml(text)
    except ValueError as error:
        raise LogsleuthError(f"{path}: {error}", "see docs/configuration.md") from None
    for name, value in table.items():
        setting = BY_NAME.get(name)
        if setting is None:
            hint = suggestion(name, BY_NAME, f"there are {', '.join(BY_NAME)}")
            raise LogsleuthError(f"{path}: there is no setting '{name}'", hint)
        yield Value(setting, _checked(setting, value, path), str(path))


def _text(path: Path, *, must_exist: bool) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST).decode()
    except UnicodeDecodeError:
        raise LogsleuthError(f"{path} is not text in UTF-8", "see docs/configuration.md") from None
    except OSError as error:
        if must_exist:
            raise LogsleuthError(f"cannot read {path}: {error.strerror or error}", "name a file of settings") from None
        return ""


def _checked(setting: Setting, value: Any, path: Path) -> Any:  # noqa: ANN401 - whatever TOML holds
    """The value as commands take it. Raises LogsleuthError if it is of another kind."""
    if setting.is_list and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if setting.is_list and isinstance(value, str):
        return (value,)
    if setting.is_number and isinstance(value, int) and not isinstance(value, bool):
        return value
    if not setting.is_list and not setting.is_number and isinstance(value, str):
        return value
    kind = "a list of strings" if setting.is_list else "a number" if setting.is_number else "a string"
    raise LogsleuthError(f"{path}: {setting.name} must be {kind}", "see docs/configuration.md")


def _of_environment(environment: Mapping[str, str]) -> Iterator[Value]:
    for setting in SETTINGS:
        variable = PREFIX + setting.name.upper().replace("-", "_")
        text = environment.get(variable, "")
        if text:
            yield Value(setting, _items(text, variable) if setting.is_list else text, variable)


def _items(text: str, variable: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise LogsleuthError(f"{variable}: {error}", "write its items like shell words") from None


def in_force(named: str | None) -> tuple[Value, ...]:
    """The values in force in this process. Raises LogsleuthError."""
    return values(named, os.environ, usual_files())

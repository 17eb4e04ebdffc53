"""The layers put together: defaults, ``config.toml``, its profile, the environment, the command line."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from charge_tui.config import attention, checks
from charge_tui.config.errors import SettingsError
from charge_tui.config.file import ConfigFile, Key
from charge_tui.config.settings import DEFAULT, LOG_LEVELS, THEMES, VIEWS, Settings, Source
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.records import dataclass

CHECKS: Final[Mapping[str, checks.Check]] = MappingProxyType(
    {
        "base_url": checks.base_url,
        "api_key_command": checks.argument_list,
        "api_key_file": checks.file_path,
        "time_zone": checks.time_zone,
        "refresh": checks.number(1, 3600, "seconds", zero="off"),
        "page_size": checks.whole(1, 100),
        "theme": checks.one_of(*THEMES),
        "view": checks.one_of(*VIEWS),
        "read_only": checks.flag,
        "write": checks.flag,
        "ascii": checks.flag,
        "mouse": checks.flag,
        "budget": checks.whole(1, 6000),
        "horizon": checks.number(0, 24 * 31, "hours"),
        "operator": checks.short_text,
        "replaces": checks.flag,
        "journal_days": checks.number(1, 3650, "days"),
        "journal_megabytes": checks.number(1, 1000, "megabytes"),
        "attention": attention.table,
        "bell": checks.flag,
        "notify": checks.flag,
        "log_days": checks.number(1, 3650, "days"),
        "log_megabytes": checks.number(1, 1000, "megabytes"),
        "tls_ca": checks.file_path,
        "charge_version": checks.date_text,
        "keys": checks.keymap,
        "log_level": checks.one_of(*LOG_LEVELS),
    }
)
"""What each setting of ``config.toml`` must be; ``profile`` stands apart, since it chooses among the layers."""

ENVIRONMENT: Final = MappingProxyType({"profile": "CHARGE_PROFILE", "base_url": "CHARGE_BASE_URL"})
"""The settings that have a variable of their own. CHARGE_API_KEY is no setting: ``secrets`` takes it."""

OPTIONS: Final = MappingProxyType(
    {
        "profile": "--profile",
        "base_url": "--base-url",
        "view": "--view",
        "refresh": "--refresh",
        "page_size": "--page-size",
        "time_zone": "--tz",
        "read_only": "--read-only",
        "write": "--write",
        "ascii": "--ascii",
        "mouse": "--no-mouse",
    }
)
"""The settings that have an option of their own."""

_NUMBERS: Final = frozenset({"refresh", "page_size"})
_EXCLUSIVE: Final = (("api_key_command", "api_key_file"), ("read_only", "write"))
_TABLES: Final = frozenset({"attention", "keys"})
_SECRETS: Final = frozenset({"api_key", "key", "secret", "token", "password"})


@dataclass(frozen=True, slots=True)
class _Layer:
    """What one place says, unchecked, and where each of it stands."""

    values: Mapping[str, Any]
    sources: Mapping[str, Source]


def load(file: ConfigFile, options: Mapping[str, object], environment: Mapping[str, str]) -> Settings:
    """The settings in force, each with its source.

    ``options`` holds what the command line gave, by setting: text for those with a value, True or False for the others.

    Raises:
        SettingsError: a setting is unknown, wrong, or contradicts another of the same layer.
    """
    variables = {name: environment[it] for name, it in ENVIRONMENT.items() if environment.get(it)}
    above = (
        _Layer(variables, {name: Source(ENVIRONMENT[name]) for name in variables}),
        _Layer(options, {name: Source(OPTIONS[name]) for name in options}),
    )
    _check_profiles(file)
    below = [_table(file, ())]
    profile, chosen_by = _chosen_profile(file, above)
    values: dict[str, Any] = {"profile": profile}
    sources = {"profile": chosen_by}
    if profile is not None:
        below.append(_table(file, ("profile", profile)))
    for layer in (*below, *above):
        _apply(layer, values, sources)
    _check_command_owner(file, sources)
    if "attention" in values:
        values["attention"] = Thresholds(**values["attention"])
    return replace(Settings(), **values, sources=MappingProxyType(sources))


def profiles(file: ConfigFile) -> list[str]:
    """The names of the profiles that a file has."""
    tables = file.data.get("profile")
    return list(tables) if isinstance(tables, dict) else []


def _table(file: ConfigFile, key: Key) -> _Layer:
    values: Mapping[str, Any] = file.data
    for name in key:
        values = values[name]
    own = {name: value for name, value in values.items() if key or name not in ("profile", "default_profile")}
    return _Layer(own, {name: Source(file.path.name, file, (*key, name)) for name in own})


def _check_profiles(file: ConfigFile) -> None:
    tables = file.data.get("profile", {})
    if not isinstance(tables, dict):
        raise SettingsError(
            "profile must be tables such as [profile.night]; default_profile names the one to use",
            str(file.path),
            file.line(("profile",)),
        )
    for name, table in tables.items():
        if not isinstance(table, dict):
            problem = f"profile {checks.told(name)} must be a table, not {checks.told(table)}"
            raise SettingsError(problem, str(file.path), file.line(("profile", name)))


def _chosen_profile(file: ConfigFile, above: Iterable[_Layer]) -> tuple[str | None, Source]:
    name: object = None
    source = DEFAULT
    if "default_profile" in file.data:
        name, source = file.data["default_profile"], Source(file.path.name, file, ("default_profile",))
    for layer in above:
        if "profile" in layer.values:
            name, source = layer.values["profile"], layer.sources["profile"]
    if source is DEFAULT:
        return None, source
    known = profiles(file)
    if isinstance(name, str) and name in known:
        return name, source
    have = checks.listed([checks.told(it) for it in known[:20]]) if known else "none"
    raise SettingsError(f"there is no profile {checks.told(name)}; {file.path} has {have}", source.where, source.line)


def _apply(layer: _Layer, values: dict[str, Any], sources: dict[str, Source]) -> None:
    for name, value in layer.values.items():
        source = layer.sources[name]
        if name == "profile" and not source.file:
            continue
        checked = _checked(name, value, source)
        values[name] = values.get(name, {}) | checked if name in _TABLES else checked
        sources[name] = source
        if name in _TABLES:
            sources |= {f"{name}.{entry}": source._replace(key=(*source.key, entry)) for entry in checked}
    for one, other in _EXCLUSIVE:
        given = [name for name in (one, other) if layer.values.get(name)]
        if len(given) == 2:
            source = layer.sources[other]
            raise SettingsError(f"{one} and {other} exclude each other; give one of them", source.where, source.line)
        if given:
            opposite = other if given == [one] else one
            values.pop(opposite, None)
            sources.pop(opposite, None)


def _checked(name: str, value: object, source: Source) -> Any:
    check = CHECKS.get(name)
    if check is None:
        raise SettingsError(_unknown(name), source.where, source.line)
    if source.file is None and name in _NUMBERS:
        value = _as_number(value)
    try:
        checked = check(value)
    except ValueError as fault:
        problem, *entry = fault.args
        exact = source._replace(key=(*source.key, *entry))
        subject = " ".join([name, *map(checks.told, entry), problem]) if source.file else problem
        raise SettingsError(subject, source.where, exact.line or source.line) from fault
    if isinstance(checked, Path) and not checked.is_absolute() and source.file:
        checked = source.file.path.parent / checked
    if name == "tls_ca" and not checked.is_file():
        raise SettingsError(f"tls_ca names no file: {checks.told(str(checked))}", source.where, source.line)
    return checked


def _as_number(text: object) -> object:
    for kind in (int, float):
        try:
            return kind(str(text))
        except ValueError:
            continue
    return text


def _unknown(name: str) -> str:
    if name in _SECRETS or name.startswith("ch_sk_"):
        return f"{checks.told(name)} is no setting: no key is kept here; name an api_key_file or an api_key_command"
    return f"{checks.told(name)} is no setting{checks.nearest(name, list(CHECKS))}"


def _check_command_owner(file: ConfigFile, sources: Mapping[str, Source]) -> None:
    source = sources.get("api_key_command")
    if source is not None and file.changeable_by_others:
        raise SettingsError(
            f"an api_key_command is run only from a file that nobody else can change: chmod go-w {file.path}",
            source.where,
            source.line,
        )

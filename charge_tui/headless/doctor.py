"""``charge-tui doctor``: every setting with its source, every check with what to do, one exit code."""

import argparse
import os
from collections.abc import Iterator
from dataclasses import asdict, field, fields
from pathlib import Path
from typing import Any, Final

from charge_tui.config.errors import ConfigError, SettingsError
from charge_tui.config.file import ConfigFile
from charge_tui.config.load import load, profiles
from charge_tui.config.paths import user_paths
from charge_tui.config.secrets import GivenKey
from charge_tui.config.session import Session, open_session
from charge_tui.config.settings import Settings
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.text import plain_json, safe
from charge_tui.headless.checkup import Finding, file_findings, terminal_findings, version_findings, zone_finding
from charge_tui.records import dataclass
from charge_tui.secret import Secret

WELL, USAGE = 0, 2
STORE: Final = "desk.sqlite"
"""The desks' store in the state folder, by a name that brings in nothing of the desk."""


@dataclass(slots=True)
class Report:
    """What was found, and the exit code that it comes to."""

    settings: list[dict[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    network_code: int = WELL

    @property
    def exit_code(self) -> int:
        """0 well, 2 configuration, key or files, 3 the API refused, 4 the API was not reached; the first that holds."""
        here = any(found.state == "bad" and found.topic != "network" for found in self.findings)
        return USAGE if here else self.network_code


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--json", action="store_true", help="everything as one JSON document")


def run(parsed: argparse.Namespace, options: dict[str, object]) -> int:
    """Check everything, print it, and return the exit code."""
    report = examine(options)
    print(plain_json(_document(report), indent=2) if getattr(parsed, "json", False) else "\n".join(_lines(report)))
    return report.exit_code


def examine(options: dict[str, object]) -> Report:
    """Look at everything, in the order of a start; what cannot be looked at is left out."""
    report, paths = Report(), user_paths()
    file: ConfigFile | None = None
    session: Session | None = None
    try:
        file = ConfigFile.read(paths.config_file)
        session = open_session(options, os.environ)
    except SettingsError as error:
        report.findings.append(
            Finding("configuration", "settings", "bad", error.sentence, "mend it; the rest waits for it")
        )
    if session:
        report.settings = list(_settings(session.settings))
        report.findings += _profiles(session, options)
    report.findings += file_findings(paths, file)
    if session:
        report.findings.append(zone_finding(session.settings))
        _examine_key(session, report)
    report.findings += [*terminal_findings(os.environ), *version_findings()]
    return report


def _examine_key(session: Session, report: Report) -> None:
    try:
        key = session.key()
    except ConfigError as error:
        sentence, _, advice = error.sentence.partition("\n")
        report.findings.append(Finding("key", "key", "bad", sentence, advice.replace("\n", "; ") or None))
        return
    mode = "production" if key.is_live else "test"
    report.findings.append(Finding("key", "key", "ok", f"a {mode} key, from {key.where}"))

    given = GivenKey(key.read(), key.where)
    report.findings += _attention(session, given.secret)

    from charge_tui.headless.calls import exit_code
    from charge_tui.headless.reach import network_findings

    found, fault = network_findings(session.settings, given)
    report.findings += found
    report.network_code = exit_code(fault) if fault else WELL


def _attention(session: Session, secret: Secret) -> Iterator[Finding]:
    store = session.paths.state / STORE
    if not store.exists():
        yield Finding("attention", "findings", "ok", "no desk has kept any here yet")
        return

    from charge_tui.clock import SystemClock
    from charge_tui.desk.account import digest_of
    from charge_tui.headless.alarms import alarm_findings

    yield from alarm_findings(store, digest_of(session.settings.base_url, secret), SystemClock().now())


def _profiles(session: Session, options: dict[str, object]) -> Iterator[Finding]:
    file = ConfigFile.read(session.paths.config_file)
    for name in profiles(file):
        if name == session.settings.profile:
            continue
        try:
            load(file, {"profile": name}, {})
        except SettingsError as error:
            yield Finding(
                "configuration", f"profile {safe(name, 40)}", "warn", error.sentence, "mend it before you use it"
            )


def _settings(settings: Settings) -> Iterator[dict[str, str]]:
    for it in fields(settings):
        if it.name != "sources":
            value = _told(it.name, getattr(settings, it.name))
            yield {"name": it.name, "value": value, "source": str(settings.source(it.name))}


def _told(name: str, value: Any) -> str:
    """A value for a person. Of a command only the program: one of its arguments may be a secret."""
    if value is None:
        return "-"
    if name == "api_key_command":
        return f"{Path(value[0]).name} ..." if len(value) > 1 else Path(value[0]).name
    if name == "keys":
        return ", ".join(f"{safe(command, 40)} = {safe(key, 40)}" for command, key in value.items()) or "-"
    if isinstance(value, Thresholds):
        return _thresholds(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else safe(str(value))


def _thresholds(value: Thresholds) -> str:
    """What departs from the defaults; a person who set nothing has nothing to read."""
    told = [
        f"{it.name} = {getattr(value, it.name):g}"
        for it in fields(value)
        if it.name != "off" and getattr(value, it.name) != it.default
    ]
    off = [f"off: {', '.join(sorted(value.off))}"] if value.off else []
    return ", ".join([*told, *off]) or "-"


def _document(report: Report) -> dict[str, Any]:
    checks = [asdict(found) for found in report.findings]
    return {"exit_code": report.exit_code, "settings": report.settings, "checks": checks}


def _lines(report: Report) -> Iterator[str]:
    names = [len(row["name"]) for row in report.settings] + [len(found.name) for found in report.findings]
    width = max(names)
    wide = min(44, max((len(row["value"]) for row in report.settings), default=0))
    if report.settings:
        yield "settings"
        yield from (
            f"        {row['name']:<{width}}  {row['value']:<{wide}}  {row['source']}" for row in report.settings
        )
    for topic in dict.fromkeys(found.topic for found in report.findings):
        yield topic
        for found in report.findings:
            if found.topic == topic:
                yield f"  {found.state:<4}  {found.name:<{width}}  {found.text}"
                if found.advice:
                    yield f"        {'':<{width}}  -> {found.advice}"
    bad, warn = (sum(found.state == state for found in report.findings) for state in ("bad", "warn"))
    yield f"{bad} bad, {warn} to look at, exit code {report.exit_code}"

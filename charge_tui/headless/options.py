"""The fields of a reservation as options of the command line, and what they mean."""

import argparse
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, Final

from charge_tui.config.errors import ConfigError
from charge_tui.domain.drafting import Ask, FieldError, Fields, check_travels, flaws, understand
from charge_tui.domain.text import safe

_TIMES: Final = ("ideal_start", "ideal_end", "earliest_start", "latest_end")


def add_field_options(parser: argparse.ArgumentParser, *, new: bool) -> None:
    """The options named after the API's parameters; ``new`` adds those that only a create takes."""
    typed = "14:30, tue 9:15, tomorrow 9:15, +45m, now+45m, ISO"
    if new:
        parser.add_argument("--driver", metavar="ID", help="the driver")
        parser.add_argument("--vehicle", metavar="ID", help="the vehicle")
    parser.add_argument("--ideal-start", metavar="TIME", help=f"the wanted start: {typed}")
    parser.add_argument("--ideal-end", metavar="TIME", help="the wanted end")
    parser.add_argument("--earliest-start", metavar="TIME", help="no start before this; none clears it")
    parser.add_argument("--latest-end", metavar="TIME", help="no end after this; none clears it")
    parser.add_argument(
        "--connector-type", action="append", metavar="TYPE", help="CCS, CHAdeMO or Type2; may be given several times"
    )
    parser.add_argument("--location", metavar="LAT,LON,RADIUS", help="degrees, degrees and metres")
    if new:
        parser.add_argument("--payment-method", metavar="ID", help="the payment method for the fee")
    also = "" if new else "; KEY alone takes it away"
    parser.add_argument(
        "--metadata", action="append", metavar="KEY=VALUE", help=f"a pair; may be given several times{also}"
    )


def add_write_options(parser: argparse.ArgumentParser) -> None:
    """The options that every command has that changes something."""
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--dry-run", action="store_true", help="show what would leave, and send nothing")
    parser.add_argument("--json", action="store_true", help="print the reservation as its document")


def fields_given(
    parsed: argparse.Namespace, names: tuple[str, ...], present: Mapping[str, Any], zone: tzinfo, now: datetime
) -> Fields:
    """The values of the options that were given; times count from ``present``, or from now where there is none.

    Raises:
        ConfigError: one cannot be understood; the sentence says what would be.
    """
    values: Fields = {}
    for name in names:
        given = getattr(parsed, name, None)
        if given is None:
            continue
        option = f"--{name.replace('_', '-')}"
        try:
            if name == "metadata":
                values[name] = _metadata(given, present.get(name), new="driver" in names)
                continue
            text = ", ".join(given) if isinstance(given, list) else given
            before = present.get(name) if name in _TIMES else None
            read = understand(name, text, zone=zone, now=now, present=before)
        except FieldError as fault:
            raise ConfigError(f"{option}: {fault.sentence}") from None
        if isinstance(read, Ask):
            raise ConfigError(f"{option}: {read.question}")
        values[name] = read.value
    return values


def check(values: Mapping[str, Any], *, new: bool) -> None:
    """Refuse what is certainly wrong.

    Raises:
        ConfigError: it is; one line for each fault.
    """
    if found := flaws(values, new=new):
        raise ConfigError("\n".join(f"--{flaw.field.replace('_', '-')}: {flaw.sentence}" for flaw in found))


def _metadata(given: list[str], present: Mapping[str, Any] | None, *, new: bool) -> Fields:
    pairs = dict(present or {})
    for text in given:
        check_travels("metadata", text)
        key, equals, value = text.partition("=")
        if not key.strip() or (new and not equals):
            raise FieldError("metadata", f"“{safe(text, 40)}” is no pair. Write KEY=VALUE.")
        if equals:
            pairs[key.strip()] = value
        else:
            pairs.pop(key.strip(), None)
    return pairs

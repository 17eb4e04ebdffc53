"""``charge-tui sandbox``: the sandbox of the Charge API alone, until it is interrupted."""

import argparse
import signal
import sys
import threading
from datetime import datetime
from types import FrameType
from typing import Any

from charge_tui.domain.times import parse_rfc3339

_USAGE = 2
_DEFAULT_SEED = 7
_DEFAULT_RESERVATIONS = 600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``charge-tui sandbox``; all of them have defaults."""
    from charge_tui.sandbox import faults, readings

    add = parser.add_argument
    add("--port", metavar="N", default=0, help="the port on 127.0.0.1 (default: a free one)")
    add("--db", metavar="FILE", default=None, help="keep the world in FILE and take it up again (default: in memory)")
    add("--seed", metavar="N", default=_DEFAULT_SEED, help=f"which world (default {_DEFAULT_SEED})")
    add(
        "--reservations",
        metavar="N",
        default=_DEFAULT_RESERVATIONS,
        help=f"how many at the start, up to 100000 (default {_DEFAULT_RESERVATIONS})",
    )
    add("--open", metavar="N", default=None, help="how many of them open (default: a quarter, at most 5000)")
    add("--speed", metavar="X", default=1, help="world seconds a second: 60 makes an hour a minute, 0 stands still")
    add("--start", metavar="TIME", default=None, help="the world's time at the start, RFC 3339 (default: now)")
    add("--no-traffic", action="store_true", default=False, help="no new reservations and no other desks")
    add("--fault", metavar="SPEC", action="append", default=[], help="order trouble; repeatable, see below")
    add("--reading", metavar="NAME=VALUE", action="append", default=[], help="read an open question; repeatable")
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        f"faults (--fault SPEC, or POST /sandbox/faults while it runs):\n{faults.describe()}\n\n"
        "readings (--reading NAME=VALUE): what the documentation leaves open; the first value is the default\n"
        f"{readings.describe()}\n"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; 130 or 143 then, 2 with one sentence for an option that cannot be followed."""
    from charge_tui.sandbox.announce import announcement
    from charge_tui.sandbox.server import RunningSandbox

    try:
        options = _options(args)
        with RunningSandbox(options) as sandbox, _Signals() as signals:
            print(announcement(sandbox), flush=True)
            return signals.wait()
    except ValueError as fault:
        return _refuse(str(fault))
    except OSError as fault:
        return _refuse(f"port {args.port} on 127.0.0.1 cannot be used: {fault.strerror or fault}")


def _options(args: argparse.Namespace) -> Any:
    from charge_tui.sandbox.options import SandboxOptions
    from charge_tui.sandbox.readings import parse_reading

    return SandboxOptions(
        seed=_whole("--seed", args.seed),
        reservations=_whole("--reservations", args.reservations),
        open=None if args.open is None else _whole("--open", args.open),
        speed=_number("--speed", args.speed),
        start=None if args.start is None else _time(args.start),
        db=args.db,
        faults=tuple(args.fault),
        readings=dict(parse_reading(text) for text in args.reading),
        port=_whole("--port", args.port),
        traffic=not args.no_traffic,
    )


def _whole(name: str, text: str | int) -> int:
    try:
        return int(text)
    except ValueError as fault:
        raise ValueError(f"{name} takes a whole number, not {str(text)[:40]!r}") from fault


def _number(name: str, text: str | float) -> float:
    try:
        return float(text)
    except ValueError as fault:
        raise ValueError(f"{name} takes a number, not {str(text)[:40]!r}") from fault


def _time(text: str) -> datetime:
    try:
        return parse_rfc3339(text)
    except ValueError as fault:
        raise ValueError(f"--start takes a time such as 2026-04-01T01:00:00Z, not {text[:40]!r}") from fault


def _refuse(sentence: str) -> int:
    print(f"charge-tui sandbox: {sentence}", file=sys.stderr)
    return _USAGE


class _Signals:
    """SIGINT and SIGTERM, waited for; what was set before is set again at the end."""

    def __init__(self) -> None:
        self._came = threading.Event()
        self._number = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "_Signals":
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def wait(self) -> int:
        """The exit code of the signal that came."""
        self._came.wait()
        return 128 + self._number

    def _note(self, number: int, _: FrameType | None) -> None:
        self._number = number
        self._came.set()

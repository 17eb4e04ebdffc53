"""The command line: which command, which options, which exit code. Everything else is imported when it is needed."""

import argparse
import importlib
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Final, NoReturn

from charge_tui import __version__
from charge_tui.early import EARLY

WELL: Final = 0
CRASHED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130

_VERSION: Final = f"charge-tui {__version__}"

EPILOG: Final = """\
exit codes:
  0    well
  1    a failure of the program itself
  2    usage, configuration, key or terminal
  3    the API refused, or a confirm came out as failed (all commands but the desk's)
  4    the API could not be reached or gave no usable answer (all commands but the desk's)
  5    the outcome of a write is unknown; charge-tui journal has it
  129, 130, 143  ended by SIGHUP, SIGINT, SIGTERM

environment:
  CHARGE_API_KEY   the secret key, ch_sk_test_... or ch_sk_live_...; never an option, since options are public
  CHARGE_BASE_URL  the address of the API
  CHARGE_PROFILE   a profile of config.toml
  NO_COLOR         no colours

charge-tui doctor tells where config.toml is and where each value comes from.
"""

_COMMANDS: Final = {
    "demo": "start a sandbox of the API with traffic and open the desk on it; needs no account",
    "sandbox": "run the sandbox of the API alone",
    "list": "print reservations",
    "show": "print one reservation",
    "create": "book a reservation",
    "update": "change a pending reservation",
    "confirm": "have a pending reservation confirmed now",
    "cancel": "cancel a reservation",
    "journal": "print what was sent from this machine and what came of it, unknown outcomes first",
    "handover": "print the page for whoever takes over, from what the desk kept",
    "doctor": "check configuration, files, key, network, clock and terminal, and say what to do",
}

_MAY_BE_MINUS: Final = frozenset(
    {"--ideal-start", "--ideal-end", "--earliest-start", "--latest-end", "--location", "--since"}
)


class UsageError(Exception):
    """A command line that cannot be understood; the text is one sentence."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")


def entry() -> int:
    """Run the command line of this process and return its exit code; nothing is raised."""
    arguments = sys.argv[1:]
    try:
        code = _run(arguments)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = WELL
    except SystemExit as done:  # argparse has printed the help or the version
        code = done.code if isinstance(done.code, int) else WELL
    except Exception as error:  # noqa: BLE001 - the outermost frame, where a traceback would show private data
        code = _explain(error)
    return _let_go_of_stdout(code)


def _run(arguments: Sequence[str]) -> int:
    if arguments == ["--version"]:  # the parser of eleven commands would take longer than everything else
        print(_VERSION)
        return WELL
    try:
        parsed = _parse(arguments)
        return _RUN[parsed.command](parsed)
    finally:
        EARLY.give_back()


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    arguments = _with_minus_values(arguments)
    parser = _parser(arguments)
    try:
        return parser.parse_args(arguments)
    except UsageError:
        # argparse takes the value of an unknown option for the command and complains of that
        known = set(re.findall(r"--[a-z-]+", parser.format_help()))
        for argument in arguments:
            if argument in _COMMANDS:
                break
            if argument.startswith("--") and argument.split("=")[0] not in known:
                raise UsageError(f"there is no option {argument} (see charge-tui --help)") from None
        raise


def _with_minus_values(arguments: Sequence[str]) -> list[str]:
    """Let a value such as -15m or -33.9,18.4,1500 stand after its option, where argparse would take it for another."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] in _MAY_BE_MINUS and re.match(r"-[\d.]", argument):
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="charge-tui",
        description="A dispatcher's desk for EV-charging reservations. Without a command it opens the desk.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=_VERSION)
    _add_api_options(parser)
    _add_desk_options(parser)
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", parser_class=_Parser)
    for name, summary in _COMMANDS.items():
        command = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            argument_default=argparse.SUPPRESS,
            allow_abbrev=False,
        )
        if name in arguments:
            _add_command_options(name, command)
    return parser


def _add_command_options(name: str, command: argparse.ArgumentParser) -> None:
    importlib.import_module(f"charge_tui.headless.{name}").add_arguments(command)
    if name == "sandbox":
        return
    _add_api_options(command)
    if name == "demo":
        _add_desk_options(command)
    else:
        command.add_argument("--tz", dest="time_zone", metavar="ZONE", help='"local" or an IANA time zone')


def _add_api_options(parser: argparse.ArgumentParser) -> None:
    api = parser.add_argument_group("the API (before or after the command)")
    api.add_argument("--profile", metavar="NAME", help="a profile of config.toml")
    api.add_argument("--base-url", metavar="URL", help="the address of the API (https, or http on this machine)")
    api.add_argument("--read-only", action="store_true", help="send nothing that changes anything")
    api.add_argument("--write", action="store_true", help="allow changes on a production key too")


def _add_desk_options(parser: argparse.ArgumentParser) -> None:
    desk = parser.add_argument_group("the desk")
    desk.add_argument("--view", metavar="NAME", help="attention, all, or a status: the view to begin with")
    desk.add_argument("--refresh", metavar="SECONDS", help="how often to look (default 15; 0 = only when asked)")
    desk.add_argument("--page-size", metavar="N", help="reservations on a page, 1 to 100 (default 50)")
    desk.add_argument("--tz", dest="time_zone", metavar="ZONE", help='"local" or an IANA time zone')
    desk.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")
    desk.add_argument("--no-mouse", dest="mouse", action="store_false", help="leave the mouse to the terminal")


def _settings_given(parsed: argparse.Namespace) -> dict[str, object]:
    """What the command line says of settings, by their names."""
    from charge_tui.config.load import OPTIONS

    return {name: getattr(parsed, name) for name in OPTIONS if hasattr(parsed, name)}


def _desk(parsed: argparse.Namespace) -> int:
    from charge_tui.config.session import open_session
    from charge_tui.headless import desk

    return desk.run(open_session(_settings_given(parsed), os.environ))


def _demo(parsed: argparse.Namespace) -> int:
    from charge_tui.config.session import open_session
    from charge_tui.headless import demo

    if hasattr(parsed, "base_url"):
        raise UsageError("--base-url does not go with demo, which brings an API of its own")
    return demo.run(parsed, open_session(_settings_given(parsed), os.environ))


def _sandbox(parsed: argparse.Namespace) -> int:
    from charge_tui.headless import sandbox

    return sandbox.run(parsed)


def _doctor(parsed: argparse.Namespace) -> int:
    from charge_tui.headless import doctor

    _be_printable()
    return doctor.run(parsed, _settings_given(parsed))


def _headless(parsed: argparse.Namespace) -> int:
    from charge_tui.config.session import open_session

    _be_printable()
    session = open_session(_settings_given(parsed), os.environ)
    code: int = importlib.import_module(f"charge_tui.headless.{parsed.command}").run(parsed, session)
    return code


def _be_printable() -> None:
    """Let a character that standard output has no code for become a question mark rather than an error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


_RUN: Final[dict[str | None, Callable[[argparse.Namespace], int]]] = {
    None: _desk,
    "demo": _demo,
    "sandbox": _sandbox,
    "list": _headless,
    **dict.fromkeys(("show", "create", "update", "confirm", "cancel", "journal", "handover"), _headless),
    "doctor": _doctor,
}


def _explain(error: Exception) -> int:
    """Say in one sentence what went wrong, without any traceback."""
    from charge_tui.config.errors import ConfigError

    if isinstance(error, UsageError):
        error = ConfigError(str(error))
    if isinstance(error, ConfigError):
        print(f"charge-tui: {error.sentence}", file=sys.stderr)
        return USAGE
    from charge_tui.config.crash import crash_line, report_crash
    from charge_tui.config.paths import user_paths

    print(crash_line(error, report_crash(error, user_paths().log)), file=sys.stderr)
    return CRASHED


def _let_go_of_stdout(code: int) -> int:
    """Flush what is left; where nobody takes it any more, drop it rather than complain at the interpreter's end."""
    if sys.stdout is None:
        return code
    try:
        sys.stdout.flush()
    except OSError as fault:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(fault, BrokenPipeError) and code == WELL:
            print(f"charge-tui: the output could not be written ({fault.strerror or fault})", file=sys.stderr)
            return CRASHED
    return code

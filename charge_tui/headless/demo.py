"""``charge-tui demo``: a sandbox with traffic in this process, and the desk on it. It leaves no trace."""

import argparse
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from charge_tui.config.session import Session
    from charge_tui.config.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command, besides those of the desk."""
    parser.add_argument(
        "--speed", type=float, default=1.0, metavar="X", help="seconds of its world a second (default 1)"
    )
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="the world to make (default 7)")
    parser.add_argument("--reservations", type=int, default=600, metavar="N", help="how many, to 100000 (default 600)")


def run(parsed: argparse.Namespace, session: "Session") -> int:
    """Start the sandbox, open the desk on it, and return the desk's exit code.

    Raises:
        ConfigError: an option is out of range, or there is no terminal.
    """
    from charge_tui.config.errors import ConfigError
    from charge_tui.config.paths import passing_paths
    from charge_tui.config.secrets import GivenKey
    from charge_tui.headless.desk import check_terminal, open_desk
    from charge_tui.sandbox import RunningSandbox, SandboxOptions
    from charge_tui.secret import Secret

    try:
        options = SandboxOptions(seed=parsed.seed, reservations=parsed.reservations, speed=parsed.speed)
    except ValueError as fault:
        raise ConfigError(str(fault)) from fault
    check_terminal()
    with passing_paths(session.paths) as paths, RunningSandbox(options) as sandbox:
        key = GivenKey(Secret(sandbox.key), "the demo's own sandbox")
        label = f"127.0.0.1:{sandbox.port}" + (f" {options.speed:g}x" if options.speed != 1 else "")
        return open_desk(settings_for(session.settings, sandbox.base_url), paths, key, demo=label)


def settings_for(settings: "Settings", base_url: str) -> "Settings":
    """The person's settings, with everything that belongs to another API replaced by the sandbox's."""
    from charge_tui.config.settings import Source

    here = Source("the demo's own sandbox")
    own = {"base_url": base_url, "tls_ca": None, "charge_version": None, "api_key_command": None, "api_key_file": None}
    sources = MappingProxyType(dict(settings.sources) | dict.fromkeys(own, here))
    return replace(
        settings,
        base_url=base_url,
        tls_ca=None,
        charge_version=None,
        api_key_command=None,
        api_key_file=None,
        sources=sources,
    )

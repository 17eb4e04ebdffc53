"""What is done before the screen opens: the terminal, the keys, the log; then the screen has it."""

import gc
import os
from dataclasses import replace
from urllib.parse import urlsplit

from charge_tui.config.errors import ConfigError, SettingsError
from charge_tui.config.logs import start_log
from charge_tui.config.paths import Paths
from charge_tui.config.secrets import KeySource
from charge_tui.config.session import NoKey, Session
from charge_tui.config.settings import Settings
from charge_tui.config.terminal import calm_over_ssh, why_no_screen
from charge_tui.early import EARLY


def run(session: Session) -> int:
    """Open the desk on the API of the settings, and return its exit code.

    Raises:
        ConfigError: there is no key, no terminal, or a setting that the desk does not know.
    """
    if session.source is None:
        raise NoKey(session.paths)
    check_terminal()
    key = session.key()
    return open_desk(session.settings, session.paths.prepared(), key)


def check_terminal() -> None:
    """Make sure that there is something to draw on, before anything is asked for or started.

    Raises:
        ConfigError: there is not.
    """
    if problem := why_no_screen(os.environ):
        raise ConfigError(problem)


def open_desk(settings: Settings, paths: Paths, key: KeySource, demo: str | None = None) -> int:
    """Draw the desk until the person leaves it; ``demo`` names the sandbox of a demonstration.

    Raises:
        ConfigError: a setting that the desk does not know, or a key that it cannot use.
    """
    calm_over_ssh(os.environ)
    EARLY.show_frame(f"sandbox {demo}" if demo else _host(settings.base_url))
    gc.disable()  # nearly all that is made up to the first picture stays; the screen turns it on again

    from charge_tui.tui.launch import run as launch

    _check_commands(settings)
    problem = start_log(paths.log, settings.log_level)
    return launch(settings, replace(paths, problem=paths.problem or problem), key, demo=demo)


def _host(base_url: str) -> str:
    """The host, with its port where that is not the usual one; nothing of what stands before them."""
    return urlsplit(base_url).netloc.rpartition("@")[2]


def _check_commands(settings: Settings) -> None:
    from charge_tui.config.checks import nearest, told
    from charge_tui.tui.commands import BY_ID

    for command in settings.keys:
        if command not in BY_ID:
            source = settings.source(f"keys.{command}")
            guess = nearest(command, list(BY_ID))
            raise SettingsError(
                f"keys names a command that there is not: {told(command)}{guess}", source.where, source.line
            )

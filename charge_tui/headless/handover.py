"""``charge-tui handover``: the page for whoever takes over, as Markdown, from what is on disk. Asks nobody."""

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from charge_tui.config.session import Session


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = (
        "Print the handover page as Markdown from what the desk of this machine kept: the last picture with its age, "
        "what was acknowledged and snoozed, what was sent, gaps, and the note. Nothing is sent; the key only tells "
        "whose page it is."
    )
    parser.add_argument(
        "--since",
        metavar="TIME",
        help="tell what happened since: 22:00, yesterday 18:00, -2h, ISO (default: the last handover, at most 12 h)",
    )
    parser.add_argument("--json", action="store_true", help="the page as one JSON document")


def run(parsed: argparse.Namespace, session: "Session") -> int:
    """Print the page and return the exit code.

    Raises:
        ConfigError: there is no key, the time is none, or a file cannot be read.
    """
    from charge_tui.api import ChargeClient
    from charge_tui.clock import SystemClock
    from charge_tui.config.errors import ConfigError
    from charge_tui.desk.account import digest_of
    from charge_tui.desk.handover_disk import SavedDesk, Shelf
    from charge_tui.desk.handover_page import as_markdown
    from charge_tui.desk.store_file import StoreUnwritable
    from charge_tui.domain.text import plain_json

    settings, paths = session.settings, session.paths
    secret = session.key().read()
    digest = digest_of(settings.base_url, secret)
    shelf = Shelf(
        paths.state, paths.cache / f"picture-{digest}.sqlite", digest, settings.operator_name, settings.attention
    )
    client = ChargeClient(secret, settings.base_url, read_only=True, version=settings.charge_version)
    desk = SavedDesk(shelf, client, SystemClock())
    try:
        page = desk.page(_moment(parsed, session, desk.now))
    except StoreUnwritable as fault:
        raise ConfigError(f"A file of the desk cannot be read: {fault.reason}.") from fault
    finally:
        desk.close()
    for notice in desk.notices:
        print(f"charge-tui: {notice}", file=sys.stderr)
    if vars(parsed).get("json"):
        print(plain_json(page.document(), indent=2))
    else:
        print(as_markdown(page, settings.zone, desk.name, desk.plate), end="")
    return 0


def _moment(parsed: argparse.Namespace, session: "Session", now: "datetime") -> "datetime | None":
    from charge_tui.config.errors import ConfigError
    from charge_tui.domain.past_times import read_past
    from charge_tui.domain.typed_times import TimeNotUnderstood

    text = vars(parsed).get("since")
    if text is None:
        return None
    try:
        return read_past(text, zone=session.settings.zone, now=now)
    except TimeNotUnderstood as fault:
        raise ConfigError(f"--since: {fault.sentence}") from None

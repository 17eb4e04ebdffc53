"""``charge-tui confirm ID``: have a pending reservation confirmed now."""

import argparse
from typing import TYPE_CHECKING

from charge_tui.headless.options import add_write_options

if TYPE_CHECKING:
    from charge_tui.config.session import Session
    from charge_tui.headless.writing import Intent, Work


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.description = "Have a pending reservation confirmed now. One that comes out as failed is exit 3."
    parser.add_argument("id", metavar="ID", help="the reservation's id (res_...)")
    parser.add_argument("--payment-method", metavar="ID", help="the payment method to attach")
    add_write_options(parser)


def run(parsed: argparse.Namespace, session: "Session") -> int:
    """Confirm it and return the exit code."""
    from charge_tui.clock import SystemClock
    from charge_tui.headless.options import fields_given
    from charge_tui.headless.writing import write

    fields_given(parsed, ("payment_method",), {}, session.settings.zone, SystemClock().now())
    return write(parsed, session, lambda work: _prepare(work, parsed))


async def _prepare(work: "Work", parsed: argparse.Namespace) -> "Intent":
    from charge_tui.domain.drafting import window_words
    from charge_tui.domain.money import money
    from charge_tui.domain.text import safe
    from charge_tui.headless.options import fields_given
    from charge_tui.headless.writing import Intent, found, path_of

    row = await found(work, parsed.id)
    zone, now = work.session.settings.zone, work.bench.now()
    method = fields_given(parsed, ("payment_method",), {}, zone, now).get("payment_method")
    lines = [
        f"{safe(row.id, 60)}, {safe(row.status, 40)}: {window_words(row, zone)}",
        f"fee: {money(row.reservation_fee, row.currency)}; once it is confirmed, cancelling may cost it",
        f"Have it confirmed now on {work.client.host} ({work.client.mode})?",
    ]
    body = {"payment_method": method} if method else {}
    path = path_of(work.client, row.id, "/confirm")
    return Intent(tuple(lines), path, body, lambda: work.writer.confirm(row, method))

"""Proposals on top of a finding's detail, and what a write would do to the findings."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from charge_tui.domain.attention.as_if import NEW
from charge_tui.domain.attention.finding import Finding, Severity, WhatIf
from charge_tui.domain.attention.proposals import Proposal
from charge_tui.domain.drafting import CREATABLE, Difference, differences, values_of
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import BLANK, Line, Span, Token, cells, cut, wrap

Named = Callable[[str], str]
"""Names a reservation in a few words that are safe to show."""

_TOKENS: Final[dict[Severity, Token]] = {
    Severity.CRITICAL: "bad", Severity.HIGH: "warn", Severity.MEDIUM: "", Severity.LOW: "",
}  # fmt: skip


def what_if_lines(what: WhatIf, named: Named, width: int, *, when: str = "") -> list[Line]:
    """What a write would resolve and create, in one calm line; what is high or critical of it on lines of its own.

    ``when`` says on what that depends ("once confirmed").
    """
    resolved = f"resolves {len(what.resolves)}" + (f": {_kinds(what.resolves)}" if what.resolves else "")
    grave = [one for one in what.creates if one.severity >= Severity.HIGH]
    slight = [one for one in what.creates if one.severity < Severity.HIGH]
    created = f"creates {len(what.creates)}" + (f": {_kinds(slight)}" if slight and not grave else "")
    lines: list[Line] = [
        (Span(part, "quiet"),) for part in wrap(f"{when}{' ' if when else ''}{resolved} · {created}", max(10, width))
    ]
    for one in sorted(grave, key=lambda one: (-one.severity, one.key)):
        words = f"{one.severity.shape:<2} creates a {one.severity.word}: {_told(one, named)}"
        lines += [(Span(part, _TOKENS[one.severity]),) for part in wrap(words, max(10, width))]
    return lines


def fix_lines(
    proposals: Sequence[Proposal], effects: Sequence[list[Line]], first_key: str, width: int, *, focused: bool
) -> list[Line]:
    """The proposals of a finding, each with its number, why it should help, and what it does to the findings.

    ``effects`` are the lines of ``what_if_lines`` for each; ``focused`` tells that the numbers are keys now.
    """
    lines: list[Line] = []
    for number, (one, effect) in enumerate(zip(proposals, effects, strict=True), 1):
        sign = Span(f"{number} ", "key" if focused else "quiet")
        key = f" {first_key}" if number == 1 else ""
        first, *more = wrap(one.label, max(10, width - 2 - cells(key)))
        room = " " * max(0, width - 2 - cells(first) - cells(key))
        lines.append((sign, Span(first, "strong"), *((Span(room), Span(key, "key")) if key else ())))
        lines += [(Span(f"  {part}", "strong"),) for part in more]
        lines += [(Span(f"  {part}", "quiet"),) for part in wrap(one.why, max(10, width - 2)) if part]
        lines += [(Span("  "), *line) for line in effect]
    return lines


def proposal_differences(one: Proposal, look: Look) -> tuple[Difference, ...]:
    """What a proposal makes different from the reservation that it is about; payment methods by name."""
    if one.verb in ("cancel", "accept"):
        return ()
    kept = {name: value for name, value in one.values.items() if name != "metadata"}
    found = differences(values_of(one.row, CREATABLE), kept, look.zone)
    before, after = (
        look.payment(one.row.payment_method_id) or "none",
        look.payment(kept.get("payment_method")) or "none",
    )
    return tuple(
        replace(each, before=before, after=after) if each.field == "payment_method" else each for each in found
    )


def no_fix_lines(width: int) -> list[Line]:
    """No fix is known."""
    words = "No fix is known that is likely to help; the keys below act by hand."
    return [*((Span(part, "quiet"),) for part in wrap(words, max(10, width))), BLANK]


def _kinds(found: Sequence[Finding]) -> str:
    return ", ".join(dict.fromkeys(one.kind.value for one in found))


def _told(one: Finding, named: Named) -> str:
    others = [identity for identity in one.subjects if identity != NEW]
    if one.kind.value == "booked twice" and others:
        return f"{one.kind.value} with {cut(named(others[-1]), 40)}"
    return one.kind.value

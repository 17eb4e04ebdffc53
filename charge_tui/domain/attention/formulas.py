"""Each rule in plain words with the numbers in force, and what a person can do about what it finds."""

from typing import Final

from charge_tui.domain.attention.finding import Kind
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.times import span

_ADVICE: Final = {
    Kind.NOT_CONFIRMED: "Confirm it now (c): that asks for a place at once. Or widen what it asks for (e): a larger "
    "radius, more connector types, wider limits. Once its time is over, cancel it (x).",
    Kind.LOST: "Book it again (b) with a larger radius, more connector types or another time; after a failed payment "
    "with another payment method. If the driver has found another way, say so (d).",
    Kind.WRONG_WINDOW: "Ask the driver whether the time will do; then say so (d). If not, move it (m), or cancel "
    "it (x) while that is free.",
    Kind.BOOKED_TWICE: "Find out which of them is wanted, and cancel the other (x), best while that is free.",
    Kind.PAYMENTS_FAILING: "Have the payment method looked at. Confirm the ones at risk (c) with another payment "
    "method, or cancel and book them again (b) with it.",
    Kind.AREA_SHORT: "Widen the search of the ones at risk (e): a larger radius, more connector types, wider limits; "
    "or send them elsewhere.",
}


def advice(kind: Kind) -> str:
    """What a person can do, with the keys that do it by default."""
    return _ADVICE[kind]


def formula(kind: Kind, limits: Thresholds) -> str:
    """The rule of a finding, with the present numbers."""
    match kind:
        case Kind.NOT_CONFIRMED:
            return (
                f"Pending, and {span(limits.grace)} have passed since it should have been confirmed: "
                f"{span(limits.lead)} before the asked start, or when it was created or its window last changed, "
                "if that is later. Medium; "
                f"high from {span(limits.high_before)} before the asked start; critical from that start to the end of "
                "its limits; after that medium, as stuck."
            )
        case Kind.LOST:
            return (
                "Failed, or expired before its end, with the end of its limits still ahead, and nothing in its place. "
                f"Failed is critical when a window of the asked length leaves less than {span(limits.critical_slack)} "
                "to spare, else high; expired is high. In its place stands one that names it, one that this desk "
                "booked for it, or a later one of the same vehicle, not failed, over at least "
                f"{_percent(limits.cover)} of the asked window."
            )
        case Kind.WRONG_WINDOW:
            return (
                f"Confirmed, not begun, and more than {span(limits.noise)} outside its limits: high. Or at least "
                f"{span(limits.shorter_by)} shorter than asked and below {_percent(limits.shorter_medium)} of the "
                f"asked length: medium, below {_percent(limits.shorter_high)} high. Or more than {span(limits.drift)} "
                "from the asked start or end where it sets no limit: medium."
            )
        case Kind.BOOKED_TWICE:
            return (
                f"Two open reservations of one vehicle share more than {span(limits.noise)}: high when one is "
                "confirmed, else medium. Or one driver has reservations with different vehicles at one time: medium."
            )
        case Kind.PAYMENTS_FAILING:
            return (
                f"At least {limits.payments_least} reservations on one payment method failed over the payment within "
                f"{span(limits.payments_window)}, and another pending one is to be paid with it: critical."
            )
        case Kind.AREA_SHORT:
            return (
                f"At least {limits.area_least} reservations failed for want of a connector within "
                f"{span(limits.area_window)} and {limits.area_km:g} km of the newest of them, for one type of "
                "connector, and a pending one waits for that type there: high."
            )


def _percent(share: float) -> str:
    return f"{share * 100:g} %"

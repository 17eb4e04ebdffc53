"""Where the board's cursor goes: along a line, to another line, back into the hours that are shown."""

from charge_tui.tui.render.board import Bar, Layout


def bar_at(plan: Layout, identity: str | None) -> Bar | None:
    """The bar of a reservation, where the hours show it."""
    number = plan.places.get(identity) if identity is not None else None
    if number is None:
        return None
    return next(bar for bar in plan.lines[number].bars if bar.id == identity)


def along(plan: Layout, identity: str, steps: int) -> Bar | None:
    """The next bar of its line, or the previous one; past the last one shown, the next of its lane beyond the hours."""
    number = plan.places.get(identity)
    if number is None:
        return None
    line = plan.lines[number]
    place = next(place for place, bar in enumerate(line.bars) if bar.id == identity) + steps
    if 0 <= place < len(line.bars):
        return line.bars[place]
    bars = line.lane.bars
    if steps > 0:
        return next((bar for bar in bars if bar.start >= plan.hours.end and bar.id not in plan.places), None)
    return next((bar for bar in reversed(bars) if bar.end <= plan.hours.start and bar.id not in plan.places), None)


def nearest(plan: Layout, number: int, at: float) -> Bar | None:
    """The bar of a line that is nearest to a moment; lines outside count as the first or the last."""
    if not plan.lines:
        return None
    line = plan.lines[max(0, min(len(plan.lines) - 1, number))]
    return min(line.bars, key=lambda bar: (max(bar.start - at, at - bar.end, 0.0), bar.start))


def following(plan: Layout, identity: str) -> Bar | None:
    """The next bar of its line, else the first one of the next line; None at the very end."""
    number = plan.places.get(identity)
    if number is None:
        return None
    bars = plan.lines[number].bars
    place = next(place for place, bar in enumerate(bars) if bar.id == identity) + 1
    if place < len(bars):
        return bars[place]
    return plan.lines[number + 1].bars[0] if number + 1 < len(plan.lines) else None


def middle(bar: Bar, plan: Layout) -> float:
    """The middle of what is shown of a bar: the moment that going up and down keeps to."""
    return (max(bar.start, plan.hours.start) + min(bar.end, plan.hours.end)) / 2

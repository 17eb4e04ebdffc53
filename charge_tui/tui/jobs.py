"""What a form is for: which fields it has, what it begins with, and what is done with what it says."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, tzinfo
from typing import Final, Literal

from charge_tui.desk.outcome import Outcome
from charge_tui.desk.writes import Writer
from charge_tui.domain.attention.as_if import NEW, After, as_if, as_moved, as_new
from charge_tui.domain.drafting import (
    CREATABLE,
    EDITABLE,
    Fields,
    Offer,
    copied,
    create_body,
    offers,
    values_of,
    window_words,
)
from charge_tui.domain.neighbours import PaymentMethod, Vehicle
from charge_tui.domain.reservation import Reservation
from charge_tui.domain.text import safe
from charge_tui.records import dataclass
from charge_tui.tui.choices import Choice
from charge_tui.tui.render.look import Look
from charge_tui.tui.sheet import Sheet

_NOTHING: Final[Fields] = {"metadata": {}}
Send = Callable[["Job", bool], Awaitable[Outcome]]


@dataclass(slots=True)
class Job:
    """One form. ``row`` is the reservation as the person was shown it; None for a new one."""

    kind: Literal["edit", "new", "again", "move"]
    title: str
    about: str
    """Which reservation it is, safe to show."""
    draft: str
    """The name under which the journal keeps its draft."""
    sheet: Sheet
    row: Reservation | None
    send: Send
    """Sends it; with True although the vehicle has another reservation in that window."""
    notes: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    wished: Fields = field(default_factory=dict)
    """Values that do not come from the fields: what was chosen in a conflict."""

    def after(self, now: datetime) -> After:
        """The reservations as they would be once it is sent; nothing while it changes nothing or cannot be sent yet."""
        values, row = self.sheet.values, self.row
        if self.kind == "edit" and row is not None:
            changed = {name: value for name, value in values.items() if value != self.sheet.present.get(name)}
            return {row.id: as_if(row, changed, now)} if changed else {}
        if self.kind == "move" and row is not None:
            if not self.sheet.dirty:
                return {}
            whole = values_of(row, CREATABLE) | values
            return as_moved(row, whole, now)
        made = as_new(values, now, like=row)
        return {} if made is None else {NEW: made}


@dataclass(frozen=True, slots=True)
class Office:
    """What every form needs to know."""

    writer: Writer
    look: Look
    now: Callable[[], datetime]
    choices: Mapping[str, Sequence[Choice]]
    replaces: bool
    """Whether a copy names the old reservation in its metadata."""

    @property
    def zone(self) -> tzinfo:
        """The zone of the desk."""
        return self.look.zone

    def sheet(self, names: Sequence[str], present: Fields, *, new: bool) -> Sheet:
        """A sheet in that zone, with these choices."""
        return Sheet(names, present, new=new, zone=self.zone, now=self.now, choices=self.choices)


def about(row: Reservation, look: Look) -> str:
    """A reservation in a line: its id, its vehicle, its window."""
    parts = [safe(row.id, 60), look.vehicle(row.vehicle_id), window_words(row, look.zone)]
    return " · ".join(part for part in parts if part)


def edit(row: Reservation, office: Office) -> Job:
    """Change a pending reservation."""

    async def send(job: Job, despite: bool) -> Outcome:
        return await office.writer.edit(job.row or row, job.wished or job.sheet.values)

    sheet = office.sheet(EDITABLE, values_of(row), new=False)
    return Job("edit", "Edit", about(row, office.look), f"edit {row.id}", sheet, row, send)


def new(office: Office) -> Job:
    """Book a new reservation."""

    async def send(job: Job, despite: bool) -> Outcome:
        return await office.writer.create(job.sheet.values, despite=despite)

    return Job("new", "New reservation", "", "new", office.sheet(CREATABLE, _NOTHING, new=True), None, send)


def again(row: Reservation, office: Office) -> Job:
    """Book a copy of one that came to nothing."""

    async def send(job: Job, despite: bool) -> Outcome:
        return await office.writer.book_again(row, job.sheet.values, despite=despite)

    copy = copied(row, office.now(), replaces=office.replaces)
    vehicle = office.look.names.details("vehicle", row.vehicle_id)
    standard = vehicle.charging_standard if isinstance(vehicle, Vehicle) else None
    methods = [(one.id, one.label) for one in office.choices.get("payment_method", ()) if _pays(one, row, office.look)]
    sheet = office.sheet(CREATABLE, copy.values, new=True)
    return Job(
        "again", "Book again", about(row, office.look), f"again {row.id}", sheet, row, send, copy.notes,
        offers(row, standard=standard, payment_methods=methods)[:4],
    )  # fmt: skip


def move(row: Reservation, office: Office, ask: Send) -> Job:
    """Another window for a confirmed reservation; ``ask`` puts the question and does it."""
    values = copied(row, office.now(), replaces=office.replaces).values
    sheet = office.sheet(EDITABLE, {name: values[name] for name in EDITABLE}, new=False)
    return Job("move", "Move", about(row, office.look), f"move {row.id}", sheet, row, ask)


def moved(row: Reservation, office: Office, sheet: Sheet) -> Fields:
    """All values of the reservation that takes the place of a moved one."""
    whole = copied(row, office.now(), replaces=office.replaces).values
    return create_body(whole | sheet.values)


def standard_of(vehicle: str | None, look: Look) -> list[str] | None:
    """The connector that a vehicle itself has, as a field's value; None where that is not known."""
    known = look.names.details("vehicle", vehicle)
    return [known.charging_standard] if isinstance(known, Vehicle) and known.charging_standard else None


def _pays(choice: Choice, row: Reservation, look: Look) -> bool:
    method = look.names.details("payment", choice.id)
    return isinstance(method, PaymentMethod) and method.driver in (None, row.driver_id)

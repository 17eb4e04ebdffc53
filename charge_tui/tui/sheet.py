"""What stands in a form: the texts, what each of them means, what is wrong with them, and what would be sent.

Knows no screen. A text is read once, when it is typed: ``+45m`` keeps meaning the time that was read back.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from charge_tui.domain.drafting import (
    Ask,
    Difference,
    FieldError,
    Fields,
    Understood,
    check_travels,
    differences,
    flaws,
    shifted,
    text_of,
    time_of,
    understand,
)
from charge_tui.domain.text import safe
from charge_tui.tui.choices import PREFIXES, Choice, label_of, meant

IDENTITIES: Final = ("driver", "vehicle", "payment_method")
"""Fields that are typed as a name or an id."""
TIMES: Final = ("ideal_start", "ideal_end", "earliest_start", "latest_end")

Reading = Understood | Ask | FieldError


class Sheet:
    """The fields of one form.

    Args:
        names: the fields, in their order.
        present: the values that the form begins with; in an edit those of the reservation.
        new: whether a reservation is to be made, so that fields are needed.
        zone: what times without a zone are in, and are read back in.
        now: world time.
        choices: what ``driver``, ``vehicle`` and ``payment_method`` can be, by field.
    """

    def __init__(
        self,
        names: Sequence[str],
        present: Mapping[str, Any],
        *,
        new: bool,
        zone: tzinfo,
        now: Callable[[], datetime],
        choices: Mapping[str, Sequence[Choice]] | None = None,
    ) -> None:
        self.names = tuple(names)
        self.new = new
        self.zone = zone
        self.choices = choices or {}
        self._now = now
        self.present: Fields = dict(present)
        self.texts: dict[str, str] = {}
        self.readings: dict[str, Reading] = {}
        self.reset()

    def reset(self) -> None:
        """Every field as it was."""
        for name in self.names:
            self.type(name, self.first_text(name))

    def rebase(self, present: Mapping[str, Any], wished: Mapping[str, Any]) -> None:
        """Begin from other values, with those that are wished for in the fields."""
        self.present = dict(present)
        self.reset()
        self.put({name: wished[name] for name in self.names if name in wished})

    def first_text(self, name: str) -> str:
        """The text that a field begins with."""
        return self._text(name, self.present.get(name))

    def type(self, name: str, text: str) -> None:
        """Take a text, and read it."""
        self.texts[name] = text
        try:
            self.readings[name] = self._read(name, text)
        except FieldError as fault:
            self.readings[name] = fault

    def put(self, values: Mapping[str, Any]) -> None:
        """Write values into their fields."""
        for name, value in values.items():
            if name in self.texts and self.values.get(name) != value:
                self.type(name, self._text(name, value))

    def shift(self, by: timedelta) -> str | None:
        """Move the whole window; a sentence where that cannot be done."""
        window = {name: self.meaning(name) for name in ("ideal_start", "ideal_end")}
        if not all(window.values()):
            return "The window cannot be moved before its start and its end are there."
        try:
            self.put(shifted(window, by))
        except OverflowError:
            return "That is outside the calendar."
        return None

    # -- what it means ------------------------------------------------------------------------------------------------

    def meaning(self, name: str) -> Any:
        """The value that a field's text means; None where it means nothing (yet)."""
        reading = self.readings.get(name)
        return reading.value if isinstance(reading, Understood) else None

    @property
    def values(self) -> Fields:
        """The values of all fields; one that is not understood counts as it was."""
        found: Fields = {}
        for name in self.names:
            reading = self.readings.get(name)
            found[name] = reading.value if isinstance(reading, Understood) else self.present.get(name)
        return found

    def faults(self) -> dict[str, str]:
        """By field: why this cannot be sent."""
        found: dict[str, str] = {}
        for name in self.names:
            reading = self.readings[name]
            if isinstance(reading, FieldError):
                found[name] = reading.sentence
            elif isinstance(reading, Ask):
                found[name] = reading.question
        for flaw in flaws(self.values, new=self.new):
            found.setdefault(flaw.field, flaw.sentence)
        return found

    def changed(self, name: str) -> bool:
        """Whether a field is another than it was."""
        reading = self.readings[name]
        if isinstance(reading, Understood):
            return bool(reading.value != self.present.get(name)) and not (
                not reading.value and not self.present.get(name)
            )
        return self.texts[name] != self.first_text(name)

    @property
    def dirty(self) -> bool:
        """Whether anything was typed that would be lost."""
        return any(self.changed(name) for name in self.names)

    def differences(self) -> tuple[Difference, ...]:
        """What is changed, in words."""
        return differences(self.present, self.values, self.zone)

    def read_back(self, name: str) -> str:
        """What a field's text means, for a person; empty where it is not understood."""
        reading = self.readings[name]
        return reading.read_back if isinstance(reading, Understood) else ""

    def warning(self, name: str) -> str:
        """What may be wrong with a field, and stops nothing."""
        reading = self.readings[name]
        return reading.warning or "" if isinstance(reading, Understood) else ""

    # -- drafts -------------------------------------------------------------------------------------------------------

    def draft(self) -> dict[str, str]:
        """The texts to keep: those that are others than they were, times as the instants that were read back."""
        kept: dict[str, str] = {}
        for name in self.names:
            if self.changed(name):
                value = self.meaning(name) if name in TIMES else None
                kept[name] = value if isinstance(value, str) else self.texts[name]
        return kept

    def restore(self, texts: Mapping[str, str]) -> None:
        """Take the texts of a draft."""
        for name, text in texts.items():
            if name in self.texts:
                self.type(name, text_of(name, text, self.zone) if name in TIMES and time_of(text) else text)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _text(self, name: str, value: Any) -> str:
        if name in IDENTITIES:
            return label_of(value, self.choices.get(name, ())) if value else ""
        return text_of(name, value, self.zone)

    def _read(self, name: str, text: str) -> Understood | Ask:
        present = self.present.get(name)
        if name not in IDENTITIES:
            return understand(name, text, zone=self.zone, now=self._now(), present=present)
        if present and text == self._text(name, present):
            return self._who(name, present)
        typed = text.strip()
        check_travels(name, typed)
        found = meant(typed, self.choices.get(name, ()), PREFIXES[name]) if typed else None
        if typed and found is None and typed.lower() != "none":
            what = name.replace("_", " ")
            raise FieldError(name, f"No {what} here is called “{safe(typed, 40)}”. Ids begin with {PREFIXES[name]}.")
        read = understand(name, found or typed, zone=self.zone, now=self._now(), present=present)
        return self._who(name, read.value) if isinstance(read, Understood) and read.value else read

    def _who(self, name: str, identity: str) -> Understood:
        label = label_of(identity, self.choices.get(name, ()))
        shown = safe(identity, 80)
        return Understood(identity, shown if label == shown else f"{label}  {shown}")

"""Whether this run may change anything: what was asked for at the start, and what production asks for besides."""

from typing import Final, Literal

WORD: Final = "PRODUCTION"
"""What a person types once before the first write with a live key."""

Mode = Literal["test", "production"]


class WritePolicy:
    """One for each run; the client asks it before each request, so nothing passes it by.

    A live key starts read-only: ``write`` (the option --write) and the word typed once open it, both.

    Args:
        read_only: --read-only, or the setting.
        write: --write, or the setting.
        confirmed: the word need not be typed any more (a headless command that was given --yes).
    """

    def __init__(self, *, read_only: bool = False, write: bool = False, confirmed: bool = False) -> None:
        self._read_only = read_only
        self._write = write
        self._confirmed = confirmed

    def closed_for(self, mode: Mode) -> bool:
        """Whether nothing but GET may leave with a key of this mode: what a client takes as ``read_only``."""
        return self.why_closed(mode) is not None

    def why_closed(self, mode: Mode) -> str | None:
        """Why writing is off, in a sentence that says what to do; None when it is on."""
        if self._read_only:
            return "This desk is read-only (--read-only, or the setting read_only)."
        if mode == "production" and not self._write:
            return "A production key starts read-only: start with --write to change anything."
        if self.needs_word(mode):
            return f"Writing to production is not open yet: type {WORD} once."
        return None

    def needs_word(self, mode: Mode) -> bool:
        """Whether all that is missing is the word that a person types."""
        return mode == "production" and self._write and not self._read_only and not self._confirmed

    def say(self, typed: str) -> bool:
        """Open production for this run if the word was typed exactly; whether it was."""
        self._confirmed = self._confirmed or typed.strip() == WORD
        return self._confirmed

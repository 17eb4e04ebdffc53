"""The zones in which times can be shown, one after the other."""

from datetime import UTC, tzinfo

from charge_tui.config.zone import local_zone


class Zones:
    """The zone of the settings, the machine's, and UTC, each once; one of them is in use."""

    def __init__(self, zone: tzinfo, name: str) -> None:
        self._zones = [(name, zone)]
        for word, other in (("local", local_zone()), ("UTC", UTC)):
            if word != name and str(other) != str(zone):
                self._zones.append((word, other))
        self._at = 0

    @property
    def zone(self) -> tzinfo:
        """The one in use."""
        return self._zones[self._at][1]

    @property
    def word(self) -> str:
        """What that is called here."""
        return self._zones[self._at][0]

    def next(self) -> str:
        """Use the next one; its word."""
        self._at = (self._at + 1) % len(self._zones)
        return self.word

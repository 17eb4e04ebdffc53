"""What the screens that send have in common, as whoever would close them sees it."""


class Sender:
    """A screen that sends; it says so when one would leave meanwhile."""

    sending = False
    """Whether a write is under way."""

    def action_leave(self) -> None:
        """Leave, or say what is under way."""
        raise NotImplementedError

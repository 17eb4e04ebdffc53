"""Text from elsewhere inside sentences: safe to show, and never a key."""

from charge_tui.domain.text import safe


def quoted(text: str, limit: int = 300) -> str:
    """Text from outside as it may stand inside a sentence: harmless to a terminal, without keys, shortened."""
    return safe(text, limit)


def tail(request_id: str | None) -> str:
    """The end of a sentence that names the request, empty where there is nothing to name."""
    return f" Request {quoted(request_id, 80)}." if request_id else ""

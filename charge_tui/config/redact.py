"""Keys and query values taken out of text on its way to a log, a report or the terminal."""

import re
from typing import Final

from charge_tui.domain.text import plain_lines, without_keys

_QUERY: Final = re.compile(r"([?&][^=\s&#?\"']{1,80}=)[^&\s#\"'<>]+")


def scrub(text: str) -> str:
    """The text with every secret key replaced by its mode ("ch_sk_test_…")."""
    return without_keys(text)


def scrub_log(text: str) -> str:
    """As ``scrub``, with the values in URL queries replaced too, which name drivers and vehicles, and no controls."""
    return plain_lines(_QUERY.sub(r"\1…", scrub(text)))

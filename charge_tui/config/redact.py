"""Keys and query values taken out of text on its way to a log, a report or the terminal."""

import re
from typing import Final

_KEY: Final = re.compile(r"ch_sk_(test|live)_[A-Za-z0-9_]+")
_QUERY: Final = re.compile(r"([?&][^=\s&#?\"']{1,80}=)[^&\s#\"'<>]+")


def scrub(text: str) -> str:
    """The text with every secret key replaced by its mode ("ch_sk_test_…")."""
    return _KEY.sub(r"ch_sk_\1_…", text)


def scrub_log(text: str) -> str:
    """As ``scrub``, and with the values in URL queries replaced too: they name drivers and vehicles."""
    return _QUERY.sub(r"\1…", scrub(text))

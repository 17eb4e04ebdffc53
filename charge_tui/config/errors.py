"""What is wrong with the configuration, in one sentence that may be printed."""

from charge_tui.config.redact import scrub
from charge_tui.domain.text import safe


class ConfigError(Exception):
    """Something that the person at the keyboard can mend.

    ``sentence`` says what is wrong, where, and what would be right; it never holds a key.
    """

    def __init__(self, sentence: str) -> None:
        self.sentence = "\n".join(safe(scrub(line), 1000) for line in sentence.split("\n"))
        super().__init__(self.sentence)


class SettingsError(ConfigError):
    """A setting that is unknown, of the wrong type, out of range or contradicted by another.

    ``where`` is the option, the environment variable, or the file; ``line`` its line, None where it has no lines.
    """

    def __init__(self, problem: str, where: str, line: int | None = None) -> None:
        self.where = where
        self.line = line
        super().__init__(f"{where}{f' line {line}' if line else ''}: {problem}")


class KeyUnusable(ConfigError):
    """A key that is missing, malformed, or kept where others can read it."""

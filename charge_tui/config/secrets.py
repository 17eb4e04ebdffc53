"""Where the API key comes from. It lives in ``Secret`` only, can be read again, and stands in no message."""

import os
import re
import stat
from collections.abc import MutableMapping
from dataclasses import field
from pathlib import Path
from typing import Final, Protocol

from charge_tui.config.command import CommandFailed, output_of
from charge_tui.config.errors import KeyUnusable
from charge_tui.config.settings import Settings
from charge_tui.records import dataclass
from charge_tui.secret import Secret

VARIABLE: Final = "CHARGE_API_KEY"

_FORM: Final = re.compile(r"ch_sk_(test|live)_[A-Za-z0-9_]+", re.ASCII)
_LONGEST: Final = 4096


class KeySource(Protocol):
    """Something that a key can be read from, again and again: a key can be renewed while the desk runs."""

    @property
    def where(self) -> str:
        """The source in words ("CHARGE_API_KEY", "the file /home/maya/.charge-key")."""

    def read(self) -> Secret:
        """The key as it is now. May block for as long as a command takes (10 s at most).

        Raises:
            KeyUnusable: there is none, it is malformed, or others can read it.
        """


@dataclass(frozen=True, slots=True)
class GivenKey:
    """A key that is known already: from the environment, or of a sandbox that this program started."""

    secret: Secret
    where: str

    def read(self) -> Secret:
        """The key.

        Raises:
            KeyUnusable: it is malformed.
        """
        return checked(self.secret.get_secret_value(), self.where)


@dataclass(frozen=True, slots=True)
class CommandKey:
    """A key that a command prints. The command gets no terminal and no shell."""

    arguments: tuple[str, ...]
    seconds: float = field(default=10.0)

    @property
    def where(self) -> str:
        """The source in words; the arguments stay untold, since one of them may be a secret."""
        return f"the api_key_command {Path(self.arguments[0]).name}"

    def read(self) -> Secret:
        """Run the command and take what it prints, without the white space around it.

        Raises:
            KeyUnusable: it fails, takes too long, or prints no key.
        """
        try:
            printed = output_of(self.arguments, self.seconds, _LONGEST)
        except CommandFailed as fault:
            raise KeyUnusable(f"{self.where} {fault}.") from fault
        return checked(_text(printed, self.where).strip(), self.where)


@dataclass(frozen=True, slots=True)
class FileKey:
    """A key in a file that its owner alone can read, in a folder that nobody else can write to."""

    path: Path

    @property
    def where(self) -> str:
        """The source in words."""
        return f"the file {self.path}"

    def read(self) -> Secret:
        """Read the file, without the white space around the key. A symbolic link is followed to what is checked.

        Raises:
            KeyUnusable: it is missing, unreadable, not the user's own, or open to others.
        """
        try:
            real = self.path.resolve(strict=True)
            folder = real.parent.stat()
            descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except (OSError, RuntimeError) as fault:
            reason = fault.strerror if isinstance(fault, OSError) else "a loop of links"
            raise KeyUnusable(f"{self.where} cannot be read ({reason}).") from fault
        try:
            self._check(os.fstat(descriptor), folder, real)
            content = os.read(descriptor, _LONGEST + 1)
        finally:
            os.close(descriptor)
        return checked(_text(content, self.where).strip(), self.where)

    def _check(self, status: os.stat_result, folder: os.stat_result, real: Path) -> None:
        if not stat.S_ISREG(status.st_mode):
            raise KeyUnusable(f"{self.where} is not an ordinary file.")
        if status.st_uid != os.geteuid():
            raise KeyUnusable(f"{self.where} belongs to another user; the key file must be your own.")
        if status.st_mode & 0o077:
            raise KeyUnusable(f"{self.where} can be read by others: chmod 600 {real}")
        if folder.st_uid not in (0, os.geteuid()):
            raise KeyUnusable(f"{self.where} lies in a folder of another user, who can put another file in its place.")
        if folder.st_mode & 0o022:
            raise KeyUnusable(f"{self.where} lies in a folder that others can write to: chmod go-w {real.parent}")


class PrimedKey:
    """A key that was read once already, so that a command which asks its user for something is not run twice."""

    def __init__(self, source: KeySource) -> None:
        """Read the key.

        Raises:
            KeyUnusable: as the source does.
        """
        self._source = source
        self._first: Secret | None = source.read()
        self.is_live = self._first.get_secret_value().startswith("ch_sk_live_")

    @property
    def where(self) -> str:
        """The source in words."""
        return self._source.where

    def read(self) -> Secret:
        """The key of the first look, and from then on the key as it is now.

        Raises:
            KeyUnusable: as the source does.
        """
        first, self._first = self._first, None
        return first or self._source.read()


def checked(text: str, where: str) -> Secret:
    """A key whose form is right.

    Raises:
        KeyUnusable: it is not; the sentence says how and never what.
    """
    if _FORM.fullmatch(text) and len(text) <= _LONGEST:
        return Secret(text)
    if not text.strip():
        problem = "is empty"
    elif re.search(r"[\r\n]", text):
        problem = "has a line break in it"
    elif len(text) > _LONGEST:
        problem = "is far too long"
    elif not text.startswith(("ch_sk_test_", "ch_sk_live_")):
        problem = "does not begin with ch_sk_test_ or ch_sk_live_"
    else:
        problem = "has characters that no key has, or nothing after its prefix"
    raise KeyUnusable(
        f"The API key from {where} {problem}; a key is ch_sk_test_ or ch_sk_live_ with letters and digits after it."
    )


def key_source(settings: Settings, environment: MutableMapping[str, str]) -> KeySource | None:
    """Where the key comes from: CHARGE_API_KEY, else the command or the file of the settings; None where nowhere.

    The variable is taken out of the environment, so that no child process inherits the key.
    """
    given = environment.pop(VARIABLE, None)
    if given:
        return GivenKey(Secret(given), VARIABLE)
    if settings.api_key_command:
        return CommandKey(settings.api_key_command)
    if settings.api_key_file:
        return FileKey(settings.api_key_file)
    return None


def _text(content: bytes, where: str) -> str:
    try:
        return content.decode("ascii")
    except UnicodeDecodeError as fault:
        raise KeyUnusable(f"The API key from {where} has characters that no key has.") from fault

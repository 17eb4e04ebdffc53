"""Ids in the observed form: a prefix, an underscore and 32 characters of ``[A-Za-z0-9]`` [seed]."""

import hashlib
import string
from random import Random
from typing import Final

ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
LENGTH: Final = 32

_LETTERS: Final = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))


def identity(prefix: str, rng: Random) -> str:
    """A new id from a source of randomness."""
    return f"{prefix}_{rng.randbytes(LENGTH).translate(_LETTERS).decode()}"


def derived(prefix: str, *parts: object) -> str:
    """The id that always follows from the same parts."""
    number = int.from_bytes(hashlib.sha256(":".join(map(str, parts)).encode()).digest(), "big")
    return f"{prefix}_{base62(number, 64)[-LENGTH:]}"


def base62(number: int, width: int) -> str:
    """A number in base 62, padded with zeros to a width."""
    digits: list[str] = []
    while number:
        number, rest = divmod(number, 62)
        digits.append(ALPHABET[rest])
    return "".join(reversed(digits)).rjust(width, "0")


def from_base62(text: str) -> int:
    """The number that a base 62 text stands for.

    Raises:
        ValueError: a character outside the alphabet.
    """
    number = 0
    for char in text:
        digit = ALPHABET.find(char)
        if digit < 0:
            raise ValueError("not base 62")
        number = number * 62 + digit
    return number

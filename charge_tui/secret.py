"""A text that shows itself to nobody who does not ask for it by name: not in a repr, a traceback, a log or a copy."""

from typing import Any, Final, NoReturn

_SHOWN: Final = "**********"


class Secret:
    """Holds the API key. It is pydantic's ``Secret`` without pydantic, which takes a tenth of a second to import."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def get_secret_value(self) -> str:
        """The text itself."""
        return self.__value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.__value == other.get_secret_value()

    def __hash__(self) -> int:
        return hash(self.__value)

    def __repr__(self) -> str:
        return f"Secret({_SHOWN!r})"

    def __str__(self) -> str:
        return _SHOWN

    def __format__(self, _: str) -> str:
        return _SHOWN

    def __reduce_ex__(self, _: Any) -> NoReturn:
        raise TypeError("a secret is not written to anything")

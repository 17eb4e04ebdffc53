"""``dataclass`` for classes with slots, as the standard library has it, at a tenth of its cost.

The standard one writes and compiles six methods for each class while its module is imported, 0.7 ms a class; a start of
the desk defines 130, more time than all the rest of this program's imports. Here ``__init__`` is compiled when the
first instance is made, and the others are shared. Fields and slots are the standard library's own, so what comes out
is a dataclass to ``fields``, ``asdict``, ``replace``, ``copy``, ``pickle`` and pydantic.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, field, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any, Literal, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(field_specifiers=(field,))
def dataclass(*, frozen: bool = False, slots: Literal[True]) -> Callable[[type[T]], type[T]]:
    """Make a class a dataclass with slots; without ``frozen`` its instances can be changed and have no hash.

    Not taken: ``field(init=False)``, ``InitVar``, keyword-only fields and ordering.
    """

    def made(cls: type[T]) -> type[T]:
        own = vars(cls).copy()
        cls.__doc__ = cls.__doc__ or cls.__name__  # else the standard library writes the signature there, at a price
        bare: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
        shared: dict[str, Any] = {"__init__": _init_when_used(bare, frozen), "__repr__": _repr, "__eq__": _eq}
        shared |= {"_compared": _compared(bare), "__hash__": _hash if frozen else None}
        if frozen:
            shared |= {"__setattr__": _not_set, "__delattr__": _not_deleted}
            shared |= {"__getstate__": _state, "__setstate__": _restore}
        for name, method in shared.items():
            if own.get(name) is None:
                setattr(bare, name, method)
        return bare  # type: ignore[no-any-return]

    return made


def _init_when_used(cls: Any, frozen: bool) -> Callable[..., None]:
    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807
        cls.__init__ = compiled = _init(cls, frozen)
        compiled(self, *values, **named)

    return __init__


def _init(cls: Any, frozen: bool) -> Callable[..., None]:
    known: dict[str, Any] = {"_set": object.__setattr__, "_MISSING": MISSING}
    takes, does = ["self"], []
    for it in fields(cls):
        name, value = it.name, it.name
        if it.default_factory is not MISSING:
            known[f"_make_{name}"] = it.default_factory
            takes.append(f"{name}=_MISSING")
            value = f"_make_{name}() if {name} is _MISSING else {name}"
        elif it.default is not MISSING:
            known[f"_default_{name}"] = it.default
            takes.append(f"{name}=_default_{name}")
        else:
            takes.append(name)
        does.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        does.append("self.__post_init__()")
    exec(f"def __init__({', '.join(takes)}):\n " + "\n ".join(does or ["pass"]), known)  # noqa: S102 - our own names
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _compared(cls: Any) -> Callable[[Any], Any]:
    names = [it.name for it in fields(cls) if it.compare]
    if len(names) > 1:
        return staticmethod(attrgetter(*names))
    return staticmethod(lambda it: tuple(getattr(it, name) for name in names))


def _eq(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    compared = self._compared
    return compared(self) == compared(other)


def _hash(self: Any) -> int:
    return hash(self._compared(self))


@recursive_repr()
def _repr(self: Any) -> str:
    told = ", ".join(f"{it.name}={getattr(self, it.name)!r}" for it in fields(self) if it.repr)
    return f"{type(self).__qualname__}({told})"


def _not_set(self: Any, name: str, value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _not_deleted(self: Any, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, it.name) for it in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for it, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, it.name, value)

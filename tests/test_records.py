"""The program's own ``dataclass`` beside the standard library's: whatever is asked of one is asked of the other."""

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, asdict, field, fields, replace
from typing import Any, ClassVar

import pytest

from charge_tui import records


def _base(dataclass: Any, name: str, frozen: bool) -> Any:
    class Base:
        """Something with a default, a list of its own, and a count that tells nothing of what it is."""

        known: ClassVar[int] = 7
        id: str
        rank: float = 1.0
        tags: list[str] = field(default_factory=list)
        seen: int = field(default=0, compare=False)
        secret: str = field(default="", repr=False)

        def __post_init__(self) -> None:
            if not self.id:
                raise ValueError("no id")

        @property
        def told(self) -> str:
            return f"{self.id} {self.rank:g}"

    Base.__qualname__ = Base.__name__ = name
    made = dataclass(frozen=frozen, slots=True)(Base)
    globals()[name] = made
    return made


def _derived(dataclass: Any, base: Any, name: str, frozen: bool) -> Any:
    members = {"__annotations__": {"more": tuple[int, ...], "rank": float}, "more": (), "rank": 2.0}
    made = dataclass(frozen=frozen, slots=True)(type(name, (base,), members | {"__module__": __name__}))
    globals()[name] = made
    return made


STANDARD, OWN = dataclasses.dataclass, records.dataclass
FROZEN = [_base(STANDARD, "StandardFrozen", True), _base(OWN, "OwnFrozen", True)]
FROZEN += [_derived(STANDARD, FROZEN[0], "StandardDerived", True), _derived(OWN, FROZEN[1], "OwnDerived", True)]
LOOSE = [_base(STANDARD, "StandardLoose", False), _base(OWN, "OwnLoose", False)]


@pytest.mark.parametrize("made", FROZEN + LOOSE)
def test_what_is_made_has_its_values_defaults_and_lists_of_its_own(made: Any) -> None:
    one, other = made("a"), made("b", 3.5, ["x"], seen=4, secret="s")
    assert (one.id, one.tags, one.seen) == ("a", [], 0)
    assert (other.id, other.rank, other.tags, other.seen, other.secret) == ("b", 3.5, ["x"], 4, "s")
    assert one.tags is not made("a").tags
    assert other.told == "b 3.5"
    assert made.known == 7
    assert not hasattr(one, "__dict__")
    assert made.__match_args__[:5] == ("id", "rank", "tags", "seen", "secret")


@pytest.mark.parametrize("made", FROZEN + LOOSE)
def test_wrong_arguments_are_type_errors_and_post_init_has_its_say(made: Any) -> None:
    for wrong in ({}, {"id": "a", "other": 1}):
        with pytest.raises(TypeError):
            made(**wrong)
    with pytest.raises(ValueError, match="no id"):
        made("")


@pytest.mark.parametrize("made", FROZEN + LOOSE)
def test_two_are_equal_by_what_is_compared_and_only_within_their_class(made: Any) -> None:
    assert made("a", seen=1) == made("a", seen=2)
    assert made("a") != made("b")
    assert made("a", secret="x") != made("a")
    assert made("a") != FROZEN[0 if made is not FROZEN[0] else 1]("a")
    assert made("a") != "a"


@pytest.mark.parametrize("made", FROZEN + LOOSE)
def test_it_is_told_by_its_fields_but_the_hidden_ones(made: Any) -> None:
    more = ", more=()" if "Derived" in made.__name__ else ""
    assert repr(made("a", 2.0, secret="x")) == f"{made.__name__}(id='a', rank=2.0, tags=[], seen=0{more})"
    around = made("a")
    around.tags.append(around)
    assert "..." in repr(around)


@pytest.mark.parametrize("made", FROZEN)
def test_a_frozen_one_cannot_be_changed_and_can_be_a_key(made: Any) -> None:
    one = made("a", tags=())
    for name in ("rank", "new"):
        with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
            setattr(one, name, 2.0)
    with pytest.raises(FrozenInstanceError):
        del one.id
    assert one == made("a", tags=())
    assert hash(one) == hash(made("a", tags=(), seen=3))
    assert {one: 1}[made("a", tags=())] == 1


@pytest.mark.parametrize("made", LOOSE)
def test_a_loose_one_can_be_changed_and_is_no_key(made: Any) -> None:
    one = made("a")
    one.rank = 9.0
    assert one == made("a", 9.0)
    with pytest.raises(TypeError):
        hash(one)


@pytest.mark.parametrize("made", FROZEN + LOOSE)
def test_the_standard_library_takes_it_for_its_own(made: Any) -> None:
    one = made("a", 3.0, ["x"], 2, "s")
    assert [it.name for it in fields(made)][:5] == ["id", "rank", "tags", "seen", "secret"]
    assert asdict(one)["tags"] == ["x"]
    assert replace(one, id="b") == made("b", 3.0, ["x"], 2, "s")
    for same in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert same == one
        assert same.seen == 2
    assert copy.deepcopy(one).tags is not one.tags
    assert dataclasses.is_dataclass(made)


def test_a_class_keeps_the_methods_that_it_brings() -> None:
    @records.dataclass(frozen=True, slots=True)
    class Own:
        value: int

        def __repr__(self) -> str:
            return "told"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own) and abs(self.value - other.value) < 2

        def __hash__(self) -> int:
            return 5

    assert repr(Own(1)) == "told"
    assert Own(1) == Own(2)
    assert hash(Own(1)) == 5


def test_nothing_is_compiled_before_the_first_instance() -> None:
    @records.dataclass(frozen=True, slots=True)
    class Waiting:
        value: int

    before = Waiting.__init__
    assert Waiting(3).value == 3
    assert Waiting.__init__ is not before

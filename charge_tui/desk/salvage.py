"""What can be read of a SQLite file that SQLite itself refuses: page by page, by the documented format of the file.

``whole`` lays the write-ahead log over the file, as SQLite would, but for pages of the log that are damaged; ``rows``
walks the tables' pages, leaves out what makes no sense, and goes on. The format is https://sqlite.org/fileformat2.html.
"""

import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from charge_tui.records import dataclass

Row = tuple[object, ...]

MAGIC: Final = b"SQLite format 3\x00"
_HEADER: Final = 100
_PAGE: Final = 4096
_LEAST: Final = 512
"""Bytes of the smallest page: SQLite takes what is shorter for a new file."""
_LEAF, _INNER, _KEY_LEAF, _KEY_INNER = 0x0D, 0x05, 0x0A, 0x02
_WIDTHS: Final = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
_MALFORMED: Final = (IndexError, ValueError, struct.error)


@dataclass(frozen=True, slots=True)
class Shape:
    """A table that is looked for."""

    name: str
    columns: tuple[str, ...]
    """In the order in which they are stored: of a table without rowids the key's first."""
    alias: int | None
    """Which column is the rowid; None for a table without rowids."""
    looks: Callable[[Row], bool] | None = None
    """Whether a row that nothing leads to any more may be one of this table; None takes no such row."""


def header_fault(path: Path) -> str | None:
    """What is wrong with the beginning or the length of a file, where SQLite would go on as if it were well."""
    with path.open("rb") as held:
        head = held.read(_HEADER)
    size = path.stat().st_size
    if size < _LEAST:
        return "it is cut short" if size else "it is empty"
    page = int.from_bytes(head[16:18], "big")
    kinds = head[:16] == MAGIC, head[18] in (1, 2), head[19] in (1, 2), head[20:24] == b"\x00\x40\x20\x20"
    numbers = int.from_bytes(head[44:48], "big") in range(5), int.from_bytes(head[56:60], "big") in (0, 1)
    if not (all(kinds) and all(numbers) and page >= _LEAST and page & (page - 1) == 0):
        return "its header is damaged"
    rest = size % page and size // page + 1 not in _logged(_log_of(path))
    return "it is cut short" if rest else None


def shape_of(db: sqlite3.Connection, name: str, looks: Callable[[Row], bool] | None) -> Shape:
    """The shape of a table that exists."""
    info = db.execute(f"PRAGMA table_info({name})").fetchall()
    sql = str(db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0])
    if "WITHOUT ROWID" in sql.upper():
        info.sort(key=lambda column: (not column[5], column[5]))
        return Shape(name, tuple(column[1] for column in info), None, looks)
    alias = next((place for place, column in enumerate(info) if column[2].upper() == "INTEGER" and column[5]), -1)
    return Shape(name, tuple(column[1] for column in info), alias, looks)


def whole(path: Path) -> bytes:
    """A file with what its write-ahead log has besides, ready to be opened without one.

    Raises:
        OSError: it cannot be read.
    """
    try:
        held = bytearray(path.read_bytes())
    except FileNotFoundError:
        held = bytearray()
    for number, page in _logged(_log_of(path)).items():
        held.extend(b"\0" * max(0, number * len(page) - len(held)))
        held[(number - 1) * len(page) : number * len(page)] = page
    if held[:16] == MAGIC:
        held[18:20] = b"\x01\x01"  # the two bytes that would have SQLite look for a log
    return bytes(held)


def rows(image: bytes, shapes: Sequence[Shape]) -> dict[str, list[Row]]:
    """By table's name the rows that can be read, those first that the table's own pages lead to."""
    pages = _Pages(image)
    found: dict[str, list[Row]] = {shape.name: [] for shape in shapes}
    for shape in shapes:
        root = pages.roots.get(shape.name)
        if root is not None:
            found[shape.name] += pages.table(root, shape)
    for row, rowid in pages.strays():
        for shape in shapes:
            fits = len(row) == len(shape.columns) and (shape.alias is None) == (rowid is None)
            if fits and shape.looks is not None and shape.looks(row):
                found[shape.name].append(_numbered(row, rowid, shape))
                break
    return found


class _Pages:
    def __init__(self, image: bytes) -> None:
        self._image = image
        size = int.from_bytes(image[16:18], "big") if image[:16] == MAGIC else _PAGE
        size = 65536 if size == 1 else size
        self._size = size if size >= 512 and size & (size - 1) == 0 else _PAGE
        self._count = -(-len(image) // self._size)
        self._seen: set[int] = set()
        self.roots: dict[str, int] = {}
        for row, _ in self._walk(1, key=False):
            if len(row) == 5 and row[0] in ("table", "index") and isinstance(row[3], int):
                self.roots[str(row[1])] = row[3]

    def table(self, root: int, shape: Shape) -> list[Row]:
        """The rows of a table, from its root."""
        found = []
        for row, rowid in self._walk(root, key=shape.alias is None):
            if len(row) <= len(shape.columns):
                found.append(_numbered(row + (None,) * (len(shape.columns) - len(row)), rowid, shape))
        return found

    def strays(self) -> Iterator[tuple[Row, int | None]]:
        """The rows on pages that nothing which can be read leads to."""
        for name, root in self.roots.items():
            self._mark(root, key=name.startswith("sqlite_autoindex"))
        self._mark_free()
        for number in range(1, self._count + 1):
            if number not in self._seen:
                yield from self._cells(number, _LEAF)
                yield from self._cells(number, _KEY_LEAF)

    def _mark(self, root: int, *, key: bool) -> None:
        if root not in self._seen:
            for _ in self._walk(root, key=key or self._kind(root) in (_KEY_LEAF, _KEY_INNER)):
                pass

    def _mark_free(self) -> None:
        trunk = int.from_bytes(self._image[32:36], "big")
        while 0 < trunk <= self._count and trunk not in self._seen:
            self._seen.add(trunk)
            page = self._page(trunk)
            leaves = min(int.from_bytes(page[4:8], "big"), self._size // 4 - 2)
            self._seen.update(struct.unpack_from(f">{leaves}I", page, 8) if len(page) >= 8 + 4 * leaves else ())
            trunk = int.from_bytes(page[:4], "big")

    def _walk(self, root: int, *, key: bool) -> Iterator[tuple[Row, int | None]]:
        queue = [root]
        while queue:
            number = queue.pop()
            if not 0 < number <= self._count or number in self._seen:
                continue
            kind = self._kind(number)
            if kind not in ((_KEY_LEAF, _KEY_INNER) if key else (_LEAF, _INNER)):
                continue
            self._seen.add(number)
            queue += reversed(self._children(number, kind))
            if kind != _INNER:
                yield from self._cells(number, kind)

    def _page(self, number: int) -> bytes:
        return self._image[(number - 1) * self._size : number * self._size]

    def _start(self, number: int) -> int:
        return _HEADER if number == 1 else 0

    def _kind(self, number: int) -> int:
        page, start = self._page(number), self._start(number)
        return page[start] if len(page) > start else 0

    def _pointers(self, number: int, kind: int) -> list[int]:
        page, start = self._page(number), self._start(number)
        head = start + (12 if kind in (_INNER, _KEY_INNER) else 8)
        count = min(int.from_bytes(page[start + 3 : start + 5], "big"), (len(page) - head) // 2)
        return list(struct.unpack_from(f">{max(count, 0)}H", page, head)) if count > 0 else []

    def _children(self, number: int, kind: int) -> list[int]:
        if kind in (_LEAF, _KEY_LEAF):
            return []
        page, start = self._page(number), self._start(number)
        below = [int.from_bytes(page[at : at + 4], "big") for at in self._pointers(number, kind)]
        return [*below, int.from_bytes(page[start + 8 : start + 12], "big")]

    def _cells(self, number: int, kind: int) -> Iterator[tuple[Row, int | None]]:
        if self._kind(number) != kind:
            return
        page = self._page(number)
        for at in self._pointers(number, kind):
            try:
                place = at + 4 if kind == _KEY_INNER else at
                length, place = _varint(page, place)
                rowid: int | None = None
                if kind == _LEAF:
                    rowid, place = _varint(page, place)
                    rowid -= (rowid >> 63) << 64
                yield _record(self._payload(page, place, length, kind)), rowid
            except _MALFORMED:
                continue

    def _payload(self, page: bytes, place: int, length: int, kind: int) -> bytes:
        room = self._size - (self._image[20] if self._image[:16] == MAGIC else 0)
        most = room - 35 if kind == _LEAF else (room - 12) * 64 // 255 - 23
        if length <= most:
            return _exactly(page[place : place + length], length)
        if length > len(self._image):
            raise ValueError("longer than the file")
        least = (room - 12) * 32 // 255 - 23
        local = least + (length - least) % (room - 4)
        local = local if local <= most else least
        held = _exactly(page[place : place + local], local)
        onward = int.from_bytes(page[place + local : place + local + 4], "big")
        while len(held) < length and 0 < onward <= self._count:
            more = self._page(onward)
            held += more[4 : 4 + min(length - len(held), room - 4)]
            onward = int.from_bytes(more[:4], "big")
        return _exactly(held, length)


def _record(payload: bytes) -> Row:
    size, place = _varint(payload, 0)
    types, at = [], size
    while place < size:
        one, place = _varint(payload, place)
        types.append(one)
    found: list[object] = []
    for one in types:
        width = _WIDTHS[one] if one < 10 else (one - 12) // 2
        if width < 0 or one in (10, 11):
            raise ValueError("no such type")
        part = _exactly(payload[at : at + width], width)
        at += width
        found.append(_value(one, part))
    return tuple(found)


def _value(kind: int, part: bytes) -> object:
    if kind == 0:
        return None
    if kind == 7:
        return struct.unpack(">d", part)[0]
    if kind in (8, 9):
        return kind - 8
    if kind < 7:
        return int.from_bytes(part, "big", signed=True)
    return part.decode(errors="replace") if kind % 2 else part


def _numbered(row: Row, rowid: int | None, shape: Shape) -> Row:
    if shape.alias is None or shape.alias < 0:
        return row
    return (*row[: shape.alias], rowid, *row[shape.alias + 1 :])


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for count in range(9):
        byte = data[place + count]
        if count == 8:
            return (value << 8) | byte, place + 9
        value = (value << 7) | (byte & 0x7F)
        if byte < 0x80:
            return value, place + count + 1
    raise AssertionError("unreachable")


def _exactly(part: bytes, length: int) -> bytes:
    if len(part) != length:
        raise ValueError("cut short")
    return part


def _log_of(path: Path) -> bytes:
    with suppress(OSError):
        return path.with_name(path.name + "-wal").read_bytes()
    return b""


def _logged(log: bytes) -> dict[int, bytes]:
    """The pages of a write-ahead log by their number, as far as their checksums hold and their commit is there."""
    found: dict[int, bytes] = {}
    if len(log) < 32 or log[:3] != b"\x37\x7f\x06":
        return found
    order = ">" if log[3] & 1 else "<"
    size, salts = int.from_bytes(log[8:12], "big"), log[16:24]
    if not _LEAST <= size <= 65536:
        return found
    sums = struct.unpack(">2I", log[24:32])
    waiting: dict[int, bytes] = {}
    for at in range(32, len(log) - 24 - size + 1, 24 + size):
        head, page = log[at : at + 24], log[at + 24 : at + 24 + size]
        number, commit = struct.unpack(">2I", head[:8])
        wanted = struct.unpack(">2I", head[16:24])
        ours = head[8:16] == salts  # else of an earlier round of the log, or damaged
        if ours and number and _checksum(page, _checksum(head[:8], sums, order), order) == wanted:
            waiting[number] = page
        if ours and commit:
            found |= waiting
            waiting = {}
        sums = wanted
    return found


def _checksum(data: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    one, two = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for place in range(0, len(words), 2):
        one = (one + words[place] + two) & 0xFFFFFFFF
        two = (two + words[place + 1] + one) & 0xFFFFFFFF
    return one, two

"""One desk of an account reads: who that is, for how long, and what becomes of the place when it goes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from charge_tui.desk.seat import Holder, Seat, this_machine

HOLD = """
import sys, time
from pathlib import Path
from charge_tui.desk.seat import Seat
seat = Seat(Path(sys.argv[1]), "account", "other")
print(seat.try_take(), flush=True)
time.sleep(600)
"""


def seat(folder: Path, token: str = "one", account: str = "account") -> Seat:
    return Seat(folder, account, token)


def test_one_has_it_and_the_next_gets_it_when_it_is_given_up(tmp_path: Path) -> None:
    one, two = seat(tmp_path), seat(tmp_path, "two")
    assert one.try_take()
    assert one.try_take()
    assert not two.try_take()
    assert (one.held, two.held, one.free(), two.free()) == (True, False, True, False)
    one.release()
    assert not one.held
    assert two.free()
    assert two.try_take()
    assert not one.try_take()


def test_accounts_do_not_share_a_seat(tmp_path: Path) -> None:
    one, two = seat(tmp_path), seat(tmp_path, "two", "another account")
    assert one.try_take()
    assert two.try_take()


def test_it_says_who_has_it(tmp_path: Path) -> None:
    one, two = seat(tmp_path), seat(tmp_path, "two")
    assert two.holder() is None
    one.try_take()
    assert two.holder() == Holder(os.getpid(), this_machine(), "one")
    assert (tmp_path / "seat-account.lock").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", [b"", b"\xff", b"{}", b'{"pid": "x", "machine": 1, "token": 2}', b"[1]", b"9" * 5000])
def test_a_file_that_says_nothing_is_of_nobody(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "seat-account.lock").write_bytes(text)
    assert seat(tmp_path).holder() is None
    assert seat(tmp_path).try_take()


def test_a_desk_of_another_machine_is_known_for_one(tmp_path: Path) -> None:
    (tmp_path / "seat-account.lock").write_text(json.dumps({"pid": 7, "machine": "elsewhere", "token": "x"}))
    holder = seat(tmp_path).holder()
    assert holder is not None
    assert not holder.here


def test_a_folder_without_room_for_locks_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        seat(tmp_path / "missing").try_take()


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "seat-account.lock").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match="symbolic"):
        seat(tmp_path).try_take()
    assert (tmp_path / "victim").read_text() == "precious"


def test_the_system_gives_it_up_for_a_process_that_was_killed(tmp_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    with other.stdout:
        assert other.stdout.readline() == "True\n"
        one = seat(tmp_path)
        assert not one.try_take()
        holder = one.holder()
        assert holder is not None
        assert holder.pid == other.pid
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert one.try_take()


def test_a_silent_holder_is_passed_by_once_and_knows_it(tmp_path: Path) -> None:
    silent, two, three = (seat(tmp_path, token) for token in ("silent", "two", "three"))
    silent.try_take()
    known = two.holder()
    assert two.pass_by(known)
    assert two.held
    assert not silent.held
    assert not three.pass_by(known), "somebody else has already taken its place"
    assert two.held
    assert not silent.try_take()
    two.release()
    assert silent.try_take()

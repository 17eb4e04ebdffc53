"""The key: where it comes from, what is refused, and that no message holds it."""

import os
import stat
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.config.errors import KeyUnusable
from charge_tui.config.paths import Paths
from charge_tui.config.secrets import CommandKey, FileKey, GivenKey, KeySource, PrimedKey, key_source
from charge_tui.config.session import NoKey, Session
from charge_tui.config.settings import Settings
from charge_tui.secret import Secret

KEY = "ch_sk_test_Abc123_xyz"
SECRET = "Abc123_xyz"


def refused(source: KeySource) -> str:
    with pytest.raises(KeyUnusable) as caught:
        source.read()
    assert SECRET not in str(caught.value)
    assert SECRET not in caught.value.sentence
    return caught.value.sentence


def key_file(folder: Path, content: bytes = KEY.encode(), mode: int = 0o600) -> FileKey:
    folder.chmod(0o700)
    path = folder / "key"
    path.write_bytes(content)
    path.chmod(mode)
    return FileKey(path)


def prints(text: str) -> CommandKey:
    return CommandKey((sys.executable, "-c", f"import sys; sys.stdout.write({text!r})"))


def checked_form(text: str) -> bool:
    return text.isascii() and all(char.isalnum() or char == "_" for char in text)


@pytest.mark.parametrize("content", [KEY, KEY + "\n", f"  {KEY}\r\n\n"])
def test_file_and_command_give_the_key_without_white_space(tmp_path: Path, content: str) -> None:
    assert key_file(tmp_path, content.encode()).read().get_secret_value() == KEY
    assert prints(content).read().get_secret_value() == KEY


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("\n", "is empty"),
        (f"{KEY}\n{KEY}", "has a line break in it"),
        (f"{KEY}-", "has characters that no key has"),
        ("ch_sk_test_", "nothing after its prefix"),
        (f"sk_{SECRET}", "does not begin with ch_sk_test_ or ch_sk_live_"),
        (f"{KEY} {SECRET}", "has characters that no key has"),
        (f"{KEY}é", "has characters that no key has"),
    ],
)
def test_a_malformed_key_is_refused_without_being_told(tmp_path: Path, content: str, words: str) -> None:
    assert words in refused(key_file(tmp_path, content.encode()))
    assert words in refused(prints(content))
    if content:
        assert words in refused(GivenKey(Secret(content), "CHARGE_API_KEY"))


def test_what_is_far_too_long_is_no_key(tmp_path: Path) -> None:
    assert "is far too long" in refused(key_file(tmp_path, KEY.encode() + b"x" * 5000))
    assert "printed more than" in refused(prints(KEY + "x" * 5000))


def test_a_key_from_the_environment_with_a_newline_at_its_end_is_refused() -> None:
    assert "line break" in refused(GivenKey(Secret(KEY + "\n"), "CHARGE_API_KEY"))


@given(
    st.sampled_from(["", "ch_sk_test_", "ch_sk_live_", "sk_", "\n", " "]),
    st.from_regex(r"ZQ[0-9]{6,30}", fullmatch=True),
    st.text(max_size=20).filter(lambda text: not checked_form(text)),
)
def test_no_malformed_key_is_repeated(prefix: str, secret: str, suffix: str) -> None:
    sentence = refused(GivenKey(Secret(prefix + secret + suffix), "CHARGE_API_KEY"))
    assert secret not in sentence


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_can_read_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    source = key_file(tmp_path, mode=mode)
    assert f"chmod 600 {source.path}" in refused(source)
    source.path.chmod(0o600)
    assert source.read().get_secret_value() == KEY


def test_a_key_file_in_a_folder_that_others_can_write_to_is_refused(tmp_path: Path) -> None:
    source = key_file(tmp_path)
    tmp_path.chmod(0o722)
    assert f"chmod go-w {tmp_path}" in refused(source)


def test_a_link_is_judged_by_what_it_leads_to(tmp_path: Path) -> None:
    source = key_file(tmp_path)
    link = tmp_path / "link"
    link.symlink_to(source.path)
    assert FileKey(link).read().get_secret_value() == KEY
    source.path.chmod(0o644)
    assert f"chmod 600 {source.path}" in refused(FileKey(link))


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "is not an ordinary file" in refused(FileKey(tmp_path / "pipe"))
    assert "cannot be read" in refused(FileKey(tmp_path / "absent"))
    assert "is not an ordinary file" in refused(FileKey(tmp_path))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "cannot be read" in refused(FileKey(tmp_path / "loop"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_file_of_another_user_is_refused(tmp_path: Path) -> None:
    source = key_file(tmp_path)
    os.chown(source.path, 12345, -1)
    assert "belongs to another user" in refused(source)


def test_a_key_can_be_read_again_after_it_was_renewed(tmp_path: Path) -> None:
    source = key_file(tmp_path)
    primed = PrimedKey(source)
    source.path.write_text("ch_sk_test_second")
    assert [primed.read().get_secret_value() for _ in range(2)] == [KEY, "ch_sk_test_second"]


def test_a_primed_key_asks_once_for_the_first_read(tmp_path: Path) -> None:
    count = tmp_path / "count"
    script = f"open({str(count)!r}, 'a').write('x'); print({KEY!r})"
    primed = PrimedKey(CommandKey((sys.executable, "-c", script)))
    primed.read()
    assert count.read_text() == "x"


def test_a_command_that_fails_says_so_without_its_output() -> None:
    script = f"import sys; print({KEY!r}, file=sys.stderr); print({KEY!r}); sys.exit(3)"
    sentence = refused(CommandKey((sys.executable, "-c", script, SECRET)))
    assert "ended with exit code 3" in sentence
    assert "cannot be started" in refused(CommandKey(("/nowhere/pass", SECRET)))


def test_a_command_gets_no_shell() -> None:
    assert CommandKey(("echo", "ch_sk_test_$HOME")).where == "the api_key_command echo"
    assert "has characters that no key has" in refused(CommandKey(("echo", "ch_sk_test_$HOME")))


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = f"sleep 300 & echo $! > {pids}; wait"
    sentence = refused(CommandKey(("sh", "-c", script), seconds=1.0))
    assert "took longer than 1 s and was ended" in sentence
    child = int(pids.read_text())
    gone = time.monotonic() + 10
    while _runs(child) and time.monotonic() < gone:
        os.sched_yield()
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_command_that_prints_without_end_is_ended() -> None:
    assert "printed more than 4096 bytes" in refused(CommandKey(("yes", KEY)))


def test_a_command_gets_no_terminal() -> None:
    script = f"import sys; sys.exit(5 if sys.stdin.read() else 0) if sys.stdin.isatty() else print({KEY!r})"
    assert CommandKey((sys.executable, "-c", script)).read().get_secret_value() == KEY


def test_the_environment_comes_first_and_is_emptied() -> None:
    settings = Settings(api_key_file=Path("/nowhere/key"))
    environment = {"CHARGE_API_KEY": KEY, "HOME": "/"}
    source = key_source(settings, environment)
    assert source is not None
    assert (source.where, source.read().get_secret_value()) == ("CHARGE_API_KEY", KEY)
    assert environment == {"HOME": "/"}
    assert SECRET not in repr(source)


def test_command_and_file_come_next_and_nothing_is_nothing() -> None:
    assert key_source(Settings(api_key_command=("pass",)), {}) == CommandKey(("pass",))
    assert key_source(Settings(api_key_file=Path("/k")), {"CHARGE_API_KEY": ""}) == FileKey(Path("/k"))
    assert key_source(Settings(), {}) is None


def test_a_live_key_is_not_taken_for_plain_http() -> None:
    folder = Path("/nowhere")
    paths = Paths(folder, folder, folder, folder)
    live = GivenKey(Secret("ch_sk_live_" + SECRET), "CHARGE_API_KEY")
    plain = Settings(base_url="http://127.0.0.1:1/v1")
    with pytest.raises(KeyUnusable, match="live key") as caught:
        Session(plain, paths, live).key()
    assert SECRET not in caught.value.sentence
    assert Session(Settings(), paths, live).key().is_live
    assert not Session(plain, paths, GivenKey(Secret(KEY), "CHARGE_API_KEY")).key().is_live


def test_no_key_takes_three_lines() -> None:
    folder = Path("/nowhere")
    with pytest.raises(NoKey) as caught:
        Session(Settings(), Paths(folder, folder, folder, folder), None).key()
    lines = caught.value.sentence.split("\n")
    assert len(lines) == 3
    assert "CHARGE_API_KEY" in lines[1]
    assert lines[2].endswith("charge-tui demo")


def test_a_key_file_is_left_as_it_is(tmp_path: Path) -> None:
    source = key_file(tmp_path)
    source.read()
    assert stat.S_IMODE(source.path.stat().st_mode) == 0o600

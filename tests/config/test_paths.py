"""Folders and files: whose they are, and what is said when they cannot be used."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from charge_tui.config.errors import ConfigError
from charge_tui.config.paths import Paths, open_private, passing_paths, private_folder, user_paths


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def paths_in(folder: Path) -> Paths:
    return Paths(folder / "config", folder / "state", folder / "cache", folder / "state/log")


@pytest.fixture
def open_umask() -> object:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_folders_and_files_are_their_owners_alone(tmp_path: Path) -> None:
    paths = paths_in(tmp_path).prepared()
    assert paths.problem is None
    assert [mode(folder) for folder in (paths.state, paths.cache, paths.log)] == [0o700] * 3
    assert not paths.config.exists()
    with open_private(paths.state / "file", "w") as stream:
        stream.write("x")
    assert mode(paths.state / "file") == 0o600


def test_a_folder_that_was_open_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o755)
    assert private_folder(folder) is None
    assert mode(folder) == 0o700


def test_a_folder_that_cannot_be_made_is_told_and_does_not_raise(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file stands in the way")
    problem = paths_in(tmp_path).prepared().problem
    assert problem is not None
    assert str(tmp_path / "state") in problem
    assert (tmp_path / "cache").is_dir()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    problem = paths_in(tmp_path).prepared().problem
    tmp_path.chmod(0o700)
    assert problem is not None


def test_a_link_is_not_followed_when_a_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        open_private(tmp_path / "link", "w")
    assert not (tmp_path / "elsewhere").exists()


def test_text_is_appended_written_anew_and_never_overwritten_by_x(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for how in ("x", "a"):
        with open_private(path, how) as stream:
            stream.write(how)
    with open_private(path, "r") as stream:
        assert stream.read() == "xa"
    with pytest.raises(FileExistsError):
        open_private(path, "x")


def test_xdg_moves_the_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    paths = user_paths()
    assert paths.config_file == tmp_path / "CONFIG/charge-tui/config.toml"
    assert paths.state == tmp_path / "STATE/charge-tui"
    assert paths.cache == tmp_path / "CACHE/charge-tui"
    assert paths.log.is_relative_to(paths.state)
    assert not any(tmp_path.iterdir())


def test_no_place_for_temporary_files_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(ConfigError, match="set TMPDIR"), passing_paths(paths_in(tmp_path)):
        pass


def test_a_demonstration_keeps_its_state_apart_and_leaves_none(tmp_path: Path) -> None:
    lasting = paths_in(tmp_path)
    with passing_paths(lasting) as paths:
        assert paths.problem is None
        assert not {paths.state, paths.cache} & {lasting.state, lasting.cache}
        assert mode(paths.state) == 0o700
        (paths.state / "store").write_text("x")
    assert not paths.state.exists()
    assert not lasting.state.exists() or not any(p.is_file() for p in lasting.state.rglob("*"))

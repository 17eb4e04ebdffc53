"""What is shipped: the style sheets, the wheel, and a README whose commands are the ones that are run."""

import importlib.util
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from charge_tui import __version__, resources

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"


def commands() -> list[str]:
    """The commands with which the README opens."""
    first = re.search(r"^```sh\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert first is not None
    return first[1].splitlines()


def test_style_sheets_are_found_beside_an_editable_install() -> None:
    assert resources.styles() == ROOT / "styles"
    assert list(resources.styles().glob("*.tcss"))


def test_style_sheets_inside_the_package_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "charge_tui"
    monkeypatch.setattr(resources, "__file__", str(package / "resources.py"))
    with pytest.raises(FileNotFoundError):
        resources.styles()
    for folder in (tmp_path / "styles", package / "styles"):
        folder.mkdir(parents=True)
        (folder / "desk.tcss").write_text("")
        assert resources.styles() == folder


def test_the_wheel_has_everything_and_nothing_else(tmp_path: Path) -> None:
    here = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", *here, "--wheel-dir", str(tmp_path), str(ROOT)]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode and not here:
        pytest.skip("the build's own tool is not here and cannot be fetched; .ci/run builds the wheel in any case")
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.startswith(f"charge_tui-{__version__}.dist-info/")}
        scripts = archive.read(f"charge_tui-{__version__}.dist-info/entry_points.txt").decode()
    sources = {str(path.relative_to(ROOT)) for path in (ROOT / "charge_tui").rglob("*.py")}
    styles = {f"charge_tui/styles/{path.name}" for path in (ROOT / "styles").glob("*.tcss")}
    assert names == sources | styles | {"charge_tui/py.typed"}
    assert "charge-tui = charge_tui.__main__:main" in scripts


def test_the_readme_opens_with_two_commands_that_need_nothing_else() -> None:
    demo, tests = commands()
    for command in (demo, tests):
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert demo.endswith(".venv/bin/charge-tui demo")
    assert tests.endswith(".venv/bin/pytest")


def test_the_proof_of_a_checkout_runs_the_readmes_command() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    picked = next(line for line in script.splitlines() if line.startswith("test_command=$("))
    done = subprocess.run(
        ["bash", "-c", f'{picked}\nprintf %s "$test_command"'], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == commands()[1]
    assert script.splitlines()[-1] == 'bash -c "$test_command"'
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_the_readme_names_every_command_option_variable_and_exit_code() -> None:
    text = README.read_text(encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "charge_tui", "--help"], capture_output=True, text=True, check=True
    ).stdout
    options = set(re.findall(r"--[a-z][a-z-]+", told)) - {"--help"}
    variables = set(re.findall(r"\b(?:CHARGE_[A-Z_]+|NO_COLOR)\b", told))
    names = re.findall(r"^    (demo|sandbox|list|show|doctor)\b", told, re.MULTILINE)
    assert len(names) == 5
    missing = [name for name in [*options, *variables, *(f"charge-tui {it}" for it in names)] if name not in text]
    assert not missing
    codes = re.findall(r"^  (\d+(?:, \d+)*)  ", told, re.MULTILINE)
    assert [code for code in codes if f"| {code} |" not in text] == []


def test_the_readme_names_every_setting() -> None:
    from charge_tui.config.load import CHECKS

    text = README.read_text(encoding="utf-8")
    assert [name for name in CHECKS if f"`{name}`" not in text] == []


def test_the_readmes_configuration_is_one(tmp_path: Path) -> None:
    from charge_tui.config.file import ConfigFile
    from charge_tui.config.load import load, profiles

    example = re.search(r"^```toml\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert example is not None
    path = tmp_path / "config.toml"
    path.write_text(example[1])
    file = ConfigFile.read(path)
    assert profiles(file)
    for name in profiles(file):
        assert load(file, {"profile": name}, {}).profile == name

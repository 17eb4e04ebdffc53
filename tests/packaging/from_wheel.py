"""Starts an installed charge-tui from wherever it is called: ``python from_wheel.py FOLDER_OF_ITS_PROGRAMS``.

Looks at what only an installation can lack: the program, its style sheets, the commands against a sandbox, and the
desk on a terminal with rows on it.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support.process import Done, clean_environment, run, terminal

IMPORTED = "import charge_tui, charge_tui.resources as r; print(charge_tui.__file__); print(r.styles())"


def main(folder: Path) -> None:
    """Go through it; an AssertionError says what is not as it should be."""
    program = (str(folder / "charge-tui"),)
    with tempfile.TemporaryDirectory() as home:
        env = clean_environment(Path(home))
        version = _well(run("--version", env=env, program=program))
        assert "charge-tui demo" not in version
        assert "COMMAND" in _well(run("--help", env=env, program=program))
        place = _well(run("-c", IMPORTED, env=env, program=(str(folder / "python"),))).splitlines()
        assert all(path.startswith(str(folder.parent)) for path in place), place
        _against_a_sandbox(program, env)
        with terminal("demo", env=env, program=program) as screen:
            screen.wait_for("DEMO")
            screen.wait_for("FRESH")
            screen.wait_for("pend")
            screen.leave()
            assert screen.wait_for_end() == 0
    print(f"{version.strip()} from {place[0]}: list, show, doctor and the desk run")


def _against_a_sandbox(program: tuple[str, ...], env: dict[str, str]) -> None:
    sandbox = subprocess.Popen([*program, "sandbox"], env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert sandbox.stdout is not None
        told = {"CHARGE_BASE_URL": "", "CHARGE_API_KEY": ""}
        while not all(told.values()):
            line = sandbox.stdout.readline()
            assert line, "the sandbox ended before it said where it is"
            for word in line.replace('"', " ").split():
                if word.startswith("http://127.0.0.1") and word.endswith("/v1"):
                    told["CHARGE_BASE_URL"] = word
                elif word.startswith("ch_sk_test_"):
                    told["CHARGE_API_KEY"] = word
        rows = _well(run("list", "--limit", "5", env=env | told, program=program)).splitlines()
        assert len(rows) == 6, rows
        identity = rows[1].split()[0]
        assert identity in _well(run("show", identity, env=env | told, program=program))
        assert "exit code 0" in _well(run("doctor", env=env | told, program=program))
    finally:
        sandbox.terminate()
        sandbox.wait()


def _well(done: Done) -> str:
    assert done.code == 0, done
    return done.out


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())

"""What commands and imports cost as whole processes, beside ``python -c pass`` and ``import textual.app``.

Run as ``python -m tests.benchmarks.commands``; ``--json`` prints the figures as JSON. Milliseconds of processor time of
15 runs each, in turns, and their ratio to the floor of the same turn. The package's bytecode is written first, as an
installation does.
"""

import compileall
import os
import statistics
import sys
import tempfile
from pathlib import Path

import charge_tui
from tests.benchmarks.served import Served, served
from tests.benchmarks.timing import Figures, figures, tell

ROUNDS = 15
_FLOOR, _SCREEN = "python -c pass", "import textual.app"


def measure(count: int = 600) -> Figures:
    """Each command's time, its ratio to ``python -c pass``, and of the desk's imports also that to Textual's."""
    compileall.compile_dir(Path(charge_tui.__file__).parent, quiet=2)
    with served(seed=7, reservations=count, speed=0, traffic=False) as sandbox, tempfile.TemporaryDirectory() as home:
        return _measure(sandbox, home)


def _measure(sandbox: Served, home: str) -> Figures:
    environment = os.environ | {"CHARGE_API_KEY": sandbox.key, "CHARGE_BASE_URL": sandbox.base_url, "HOME": home}
    environment |= {f"XDG_{name}_HOME": home for name in ("CONFIG", "STATE", "CACHE")}
    program = str(Path(sys.executable).parent / "charge-tui")
    commands = {
        _FLOOR: [sys.executable, "-c", "pass"],
        "charge-tui --version": [program, "--version"],
        "charge-tui list": [program, "list"],
        "import charge_tui.api": [sys.executable, "-c", "import charge_tui.api"],
        _SCREEN: [sys.executable, "-c", _SCREEN],
        "import charge_tui.tui.launch": [sys.executable, "-c", "import gc; gc.disable(); import charge_tui.tui.launch"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            times[name].append(_run(command, environment))
    found = {name: figures(taken) for name, taken in times.items()}
    found |= {f"{name}, ratio": _ratio(times[name], times[_FLOOR]) for name in commands if name != _FLOOR}
    found["the desk's imports to Textual's, ratio"] = _ratio(times["import charge_tui.tui.launch"], times[_SCREEN])
    return found


def _run(command: list[str], environment: dict[str, str]) -> float:
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    process = os.posix_spawn(command[0], command, environment, file_actions=quiet)
    _, status, used = os.wait4(process, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return (used.ru_utime + used.ru_stime) * 1000


def _ratio(of: list[float], to: list[float]) -> dict[str, float]:
    each = [one / other for one, other in zip(of, to, strict=True)]
    return {"median": round(statistics.median(each), 2), "worst": round(max(each), 2)}


def main() -> None:
    """Print the figures."""
    tell("what commands and imports cost", measure)


if __name__ == "__main__":
    main()

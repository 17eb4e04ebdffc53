"""A real sshd on a loopback port with keys and configuration of its own, run as an ordinary process."""

import getpass
import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.process import PATIENCE, PROGRAM, Terminal, terminal
from tests.support.tools import tool

_SERVER = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PrintMotd no
PrintLastLog no
"""


@dataclass(frozen=True)
class Server:
    """A running sshd, and how to reach it."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes]"

    def command(self, *words: str) -> tuple[str, ...]:
        """What runs a command over there on a terminal of its own."""
        options = (
            "BatchMode=yes",
            "StrictHostKeyChecking=no",
            f"UserKnownHostsFile={self.folder}/known",
            "LogLevel=QUIET",
        )
        return (
            tool("ssh"), "-tt", "-F", "none", "-i", f"{self.folder}/user", "-p", str(self.port),
            *(part for option in options for part in ("-o", option)), f"{getpass.getuser()}@127.0.0.1", *words,
        )  # fmt: skip

    def drop(self) -> None:
        """Kill what serves the connections, as a lost network does; the server itself goes on listening."""
        for pid in _descendants(self.process.pid):
            if _name(pid).startswith("sshd"):
                os.kill(pid, signal.SIGKILL)


@contextmanager
def ssh_server(folder: Path) -> Iterator[Server]:
    """Run an sshd that lets this user in by a key of its own."""
    sshd, keygen = tool("sshd"), tool("ssh-keygen")
    tool("ssh")
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in ("host", "user"):
        subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    port = _free_port()
    config = folder / "sshd_config"
    config.write_text(_SERVER.format(port=port, folder=folder))
    with (folder / "sshd.log").open("wb") as log:
        process = subprocess.Popen([sshd, "-D", "-e", "-f", str(config)], stdin=subprocess.DEVNULL, stderr=log)
    try:
        _wait_for(port, process, folder / "sshd.log")
        yield Server(folder, port, process)
    finally:
        for pid in (*_descendants(process.pid), process.pid):
            _kill(pid)
        process.wait()


@contextmanager
def desk_over_ssh(
    server: Server, env: Mapping[str, str], *arguments: str, size: tuple[int, int] = (120, 36)
) -> Iterator[Terminal]:
    """The program on the far side of an ssh connection; the terminal is the near side's."""
    words = " ".join(shlex.quote(word) for word in (*PROGRAM, *arguments))
    given = " ".join(shlex.quote(f"{name}={value}") for name, value in env.items())
    program = server.command(
        f"env -u CHARGE_PROFILE {given} sh -c {shlex.quote(f'echo $$ >{server.folder}/pid; exec {words}')}"
    )
    with terminal(env=dict(env), program=program, size=size) as it:
        yield it


def far_pid(server: Server) -> int:
    """The process id of the program on the far side."""
    return int((server.folder / "pid").read_text())


def alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for_death(pid: int) -> None:
    """Wait until a process is gone."""
    until = time.monotonic() + PATIENCE
    while alive(pid):
        assert time.monotonic() < until, f"process {pid} lives on"
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise AssertionError(f"sshd did not start: {log.read_text()}")


def _descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found, queue = [], [pid]
    while queue:
        for child in children.get(queue.pop(), []):
            found.append(child)
            queue.append(child)
    return found


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return

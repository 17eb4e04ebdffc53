"""A command run for what it prints: no shell, no terminal, a time limit and a size limit, nothing left behind."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence


class CommandFailed(Exception):
    """A command that gave nothing; the text completes "the command ..." and holds none of its output."""


def output_of(arguments: Sequence[str], seconds: float, most: int) -> bytes:
    """What a command prints, at most ``most`` bytes, within ``seconds``.

    Its error output is dropped, since it may hold the secret that the command was asked for.

    Raises:
        CommandFailed: it cannot be started, fails, prints too much, or takes too long.
    """
    deadline = time.monotonic() + seconds
    try:
        process = subprocess.Popen(  # noqa: S603
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as fault:
        raise CommandFailed(f"cannot be started ({fault.strerror or fault})") from fault
    with process:
        try:
            printed = _read(process, deadline, most)
            code = process.wait(max(0.1, deadline - time.monotonic()))
        except (TimeoutError, subprocess.TimeoutExpired) as fault:
            raise CommandFailed(f"took longer than {seconds:g} s and was ended") from fault
        finally:
            _end(process)
    if code:
        raise CommandFailed(f"ended with exit code {code}; run it by hand to see why")
    return printed


def _read(process: "subprocess.Popen[bytes]", deadline: float, most: int) -> bytes:
    printed = b""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            chunk = os.read(process.stdout.fileno(), 65_536)
            printed += chunk
            if len(printed) > most:
                raise CommandFailed(f"printed more than {most} bytes")
            if not chunk:
                return printed


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the command with everything that it started."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

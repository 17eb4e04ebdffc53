"""The key: after a long session with refusals, echoes and crashes, it is in nothing that was written, shown or sent.

The one exception is the Authorization header of requests to the one origin.
"""

import base64
import os
import socket
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.api import NO_RETRY, ChargeClient, ForeignUrl
from charge_tui.config.errors import KeyUnusable
from charge_tui.config.secrets import FileKey
from charge_tui.sandbox import RunningSandbox, SandboxOptions
from tests.api.support import page
from tests.support.hostile_api import Answered, Between, Spoiler, between, keeps_id_and_status
from tests.support.process import Done, Terminal, clean_environment, config_file, run, terminal
from tests.support.rounds import forms, on, pages, press, records, settled, verdicts, views
from tests.support.sandbox import START
from tests.support.screen import Screen

SECRET: Final = "Zq7mWvTr4uUniqueX0kJp9"
KEY: Final = f"ch_sk_test_{SECRET}"
LIVE: Final = f"ch_sk_live_{SECRET}"

CRASHING: Final = """
import os, sys
from pathlib import Path
from charge_tui.tui.screens.desk import DeskScreen
from charge_tui.cli import entry

def broken(screen):
    local = Path(os.environ["KEY_FILE"]).read_text()
    raise RuntimeError(f"wrong: {local}") from ValueError({"Authorization": f"Bearer {local}"})

DeskScreen.do_refresh = broken
raise SystemExit(entry())
"""


def shapes(secret: str) -> list[bytes]:
    """The secret as it is, and in every shape in which it could leave unseen."""
    plain = secret.encode()
    found = [
        plain,
        plain.upper(),
        plain.lower(),
        plain[::-1],
        secret.encode("utf-16-le"),
        plain.hex().encode(),
        plain.hex().upper().encode(),
    ]
    found += ["".join(f"%{byte:{form}}" for byte in plain).encode() for form in ("02x", "02X")]
    for lead in range(3):
        whole = base64.b64encode(b"\0" * lead + plain).rstrip(b"=")
        found.append(whole[4 if lead else 0 : -2])
    return found


def leaks(what: bytes) -> list[bytes]:
    """The shapes of the secret that are in there."""
    return [shape for shape in shapes(SECRET) if shape in what]


@pytest.mark.parametrize("lead", range(4))
def test_the_search_finds_the_key_in_each_shape(lead: int) -> None:
    start = b"x" * lead
    for hidden in (
        KEY.encode(), base64.b64encode(start + f"Bearer {KEY}".encode()), KEY.encode().hex().encode(),
        "".join(f"%{byte:02X}" for byte in KEY.encode()).encode(), KEY.encode("utf-16-le"),
    ):  # fmt: skip
        assert leaks(start + hidden + b"tail")
    assert not leaks(b"ch_sk_test_ and nothing after it" * 100)


@dataclass
class Ear:
    """A port on which somebody else listens, and all that was said to it."""

    port: int
    heard: list[bytes] = field(default_factory=list)


@contextmanager
def ear() -> Iterator[Ear]:
    """Listen on loopback; whatever comes is kept, and nothing is answered."""
    listener = socket.create_server(("127.0.0.1", 0))
    it = Ear(listener.getsockname()[1])

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(0.5)
                it.heard.append(b"connected")
                with suppress(OSError):
                    it.heard.append(connection.recv(65_536))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield it
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


class Echo(Spoiler):
    """Says the key wherever it can say anything, and leads to somebody else's port."""

    def __init__(self, elsewhere: int) -> None:
        super().__init__([f"your key {KEY} is", f"Bearer {KEY}", KEY, f"?key={KEY}&x=1", f'{{"k":"{KEY}"}}'])
        self.elsewhere = elsewhere
        self.astray = False

    def _renamed(self, identity: str) -> str:
        return identity

    def __call__(self, answered: Answered) -> None:
        """Spoil an answer; astray, a page leads elsewhere and a write is redirected there."""
        there = f"http://127.0.0.1:{self.elsewhere}/v1/reservations?page=x"
        super().__call__(answered)
        if self.astray and answered.method == "POST":
            answered.status, answered.body = 307, b""
            answered.headers.append(("Location", there))
        elif self.astray and b'"next_page_url": null' in answered.body:
            answered.body = answered.body.replace(b'"next_page_url": null', f'"next_page_url": "{there}"'.encode())


@contextmanager
def echoing(elsewhere: int) -> Iterator[Between]:
    """A sandbox behind a server that echoes the key."""
    options = SandboxOptions(start=START, speed=0.0, reservations=200, key=KEY)
    with RunningSandbox(options) as sandbox, between(sandbox, Echo(elsewhere)) as api:
        yield api


@dataclass
class Household:
    """A home with a key file, a command that prints it, and an environment in which everybody listens."""

    home: Path
    env: dict[str, str]

    @classmethod
    def made(cls, folder: Path, api: Between, elsewhere: Ear) -> "Household":
        home, passing, vault = folder / "home", folder / "tmp", folder / "vault"
        for one in (home, passing, vault):
            one.mkdir(mode=0o700)
        key = vault / "key"
        key.touch(mode=0o600)
        key.write_text(KEY)
        script = f"cat {key} >&2; env >{home}/env-of-child; cat {key}"
        config_file(home).write_text(f'api_key_command = ["sh", "-c", "{script}"]\nlog_level = "debug"\n')
        proxy = f"http://127.0.0.1:{elsewhere.port}"
        more = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), proxy)
        env = clean_environment(home, CHARGE_BASE_URL=api.base_url, TMPDIR=str(passing), KEY_FILE=str(key), **more)
        return cls(home, env)

    def files(self) -> Iterator[Path]:
        """Everything under the home and the folder for temporary files."""
        for root in (self.home, Path(self.env["TMPDIR"])):
            yield from (path for path in root.rglob("*") if path.is_file())


def assert_nobody_sees(it: Terminal) -> None:
    """No command line of this machine holds it, nor the environment of the desk's children."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                shown = (process / "cmdline").read_bytes()
            except OSError:
                continue
            assert not leaks(shown), process
    assert it.code is None


def session(api: Between, house: Household, out: Path) -> list[bytes]:
    """Everything that a person does in a day, with the echo at work; all streams."""
    echo = api.spoil
    assert isinstance(echo, Echo)

    def one(status: str) -> str:
        return next(str(row["id"]) for row in api.sandbox.find(status=status) if keeps_id_and_status(str(row["id"])))

    loose = ("sh", "-c", 'umask 000; exec "$@"', "sh", sys.executable, "-m", "charge_tui")
    with terminal(env=house.env, program=loose) as it:
        it.wait_for("FRESH")
        assert_nobody_sees(it)
        views(it)
        verdicts(it)
        pages(it, one("pending"))
        records(it, out)
        echo.errors = True
        forms(it, one("pending"), one("confirmed"), one("failed"))
        echo.errors, echo.astray = False, True
        asked = len(api.heard)
        it.type("r")
        it.wait_until(lambda: len(api.heard) > asked, "it reads")
        on(it, one("pending"))
        press(it, "x", "?")
        it.type("y")
        settled(it)
        press(it, "!", "can be trusted")
        settled(it)
        it.leave()
        it.wait_for_end()
    echo.astray = False
    with terminal(env=house.env, program=(sys.executable, "-c", CRASHING), size=(80, 24)) as broken:
        broken.wait_for("FRESH")
        broken.type("r")
        assert broken.wait_for_end() == 1
    return [it.seen, broken.seen]


def headless(api: Between, house: Household) -> list[Done]:
    """Every command without a screen, with the key from the command, from a wrong place, and malformed."""
    identity = api.sandbox.find(status="pending")[0]["id"]
    commands = (
        ["list", "--all", "--json"], ["list"], ["show", identity], ["show", identity, "--json"], ["show", "res_none"],
        ["update", identity, "--metadata", "a=b", "--dry-run"], ["cancel", identity, "--dry-run", "--json"],
        ["confirm", identity, "--yes"], ["journal"], ["journal", "--json"], ["handover"], ["handover", "--json"],
        ["doctor"], ["doctor", "--json"],
    )  # fmt: skip
    done = [run(*words, env=house.env) for words in commands]
    for value in (f"{KEY}\n", f"{KEY} x", f"x{KEY}", f"{KEY}é", LIVE):
        done += [run(words, env=house.env | {"CHARGE_API_KEY": value}) for words in ("list", "doctor")]
    file = config_file(house.home)
    good = file.read_text()
    for wrong in (f'api_key = "{KEY}"', f'"{KEY}" = 1', f'theme = "{KEY}"', f"x {KEY}", f'api_key_file = "{KEY}"'):
        file.write_text(wrong)
        done += [run(words, env=house.env) for words in ("list", "doctor")]
    file.write_text(good)
    return done


def test_nothing_that_was_written_shown_or_sent_holds_the_key(tmp_path: Path) -> None:
    with ear() as elsewhere, echoing(elsewhere.port) as api:
        house = Household.made(tmp_path, api, elsewhere)
        out = house.home / "out"
        out.mkdir(mode=0o700)
        streams = session(api, house, out)
        printed = headless(api, house)
        assert {done.code for done in printed} >= {0, 2}
        assert not elsewhere.heard
        heard = list(api.heard)
    assert all(f"Authorization: Bearer {KEY}".encode() in request for request in heard)
    for request in heard:
        rest = request.replace(f"Authorization: Bearer {KEY}".encode(), b"")
        assert not leaks(rest), rest[:300]
    for stream in streams:
        assert b"ch_sk_test_\xe2\x80\xa6" in stream or b"an error of its own" in stream
        assert not leaks(stream), stream[stream.find(SECRET.encode()) - 400 :][:600]
    for done in printed:
        assert not leaks(done.everything.encode()), done
    files = list(house.files())
    assert {path.suffix for path in files} >= {".sqlite", ".csv", ".jsonl", ".md", ".log", ".txt"}
    for path in files:
        assert not leaks(path.read_bytes()), path
    assert "CHARGE_API_KEY" not in (house.home / "env-of-child").read_text()
    assert_private(house.home)


def assert_private(home: Path) -> None:
    """All that the desk made is its owner's alone, although nothing was masked."""
    for place in (".local/state/charge-tui", ".cache/charge-tui"):
        for path in (home / place, *(home / place).rglob("*")):
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode == (0o700 if path.is_dir() else 0o600), (path, oct(mode))
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (home / "out").iterdir())


def test_a_live_key_goes_to_no_port_of_this_machine(tmp_path: Path) -> None:
    with ear() as elsewhere:
        env = clean_environment(tmp_path, CHARGE_BASE_URL=f"http://127.0.0.1:{elsewhere.port}/v1", CHARGE_API_KEY=LIVE)
        for words in (
            ["list"],
            ["doctor"],
            ["doctor", "--json"],
            ["show", "res_1"],
            ["cancel", "res_1", "--yes", "--write"],
        ):
            done = run(*words, env=env)
            assert done.code == 2
            assert not leaks(done.everything.encode())
        with terminal(env=env) as it:
            assert it.wait_for_end() == 2
        assert not leaks(it.seen)
        assert not elsewhere.heard
    assert not any(leaks(path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file())


async def test_no_picture_of_the_screen_holds_it() -> None:
    with RunningSandbox(SandboxOptions(start=START, speed=0.0, reservations=40, key=KEY)) as sandbox:
        for row in sandbox.find():
            sandbox.edit(row["id"], metadata={"note": f"Bearer {KEY}", KEY: "x"}, failed_reason=KEY, currency=KEY)
        async with Screen.open(sandbox, key=KEY) as desk:
            for keys in ((), ("2",), ("enter",), ("exclamation_mark",), ("escape",), ("question_mark",)):
                await desk.press(*keys)
                svg = desk.app.export_screenshot()
                assert "charge" in svg
                assert not leaks(svg.encode())


# -- one origin -------------------------------------------------------------------------------------------------------

HOME: Final = "https://api.chargeapi.co:443/v1"
HOSTS: Final = (
    "api.chargeapi.co", "API.chargeapi.CO", "api.chargeapi.co.", "api.chargeapi.co.evil.example", "аpi.chargeapi.co",
    "api。chargeapi。co", "xn--pi-7ka.chargeapi.co", "api.chargeapi.co%00.evil.example", "api.chargeapi.co%2eevil.it",
    "evil.example", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433",
    "api.chargeapi.co\\.evil.example",
    "api.chargeapi.co\t.evil.example", "api.chargeapi.co\n", "ａpi.chargeapi.co", "api.chargeapi.co:", "",
)  # fmt: skip
PATHS: Final = (
    "/v1/reservations", "/v1/reservations/", "/v1/../x", "/v1/reservations/..%2f..%2fx", "//evil.it/v1/reservations",
    "/v1/reservations;x", "/v1/%72eservations", "/v1/reservations/res_1", "", "/V1/reservations", "\\evil.example",
)  # fmt: skip
URLS: Final = st.builds(
    "{}{}{}{}{}{}".format,
    st.sampled_from(["https://", "http://", "HTTPS://", "//", "", "ftp://", "https:", "https:\\\\", "wss://", "data:"]),
    st.sampled_from(["", "user@", "api.chargeapi.co@", "a:b@", "@", "api.chargeapi.co:443@", "%40", "evil.example#@"]),
    st.sampled_from(HOSTS) | st.text(max_size=12),
    st.sampled_from(["", ":443", ":80", ":8443", ":0443", ":443:80", ":+443", ":４４３"]),
    st.sampled_from(PATHS) | st.text(max_size=12),
    st.sampled_from(["", "?page=x", "#f", "?page=x#@evil.example", "?next=//evil.example"]),
)  # fmt: skip


class Net(httpx.AsyncBaseTransport):
    """Notes where each request would go, as the network would see it."""

    def __init__(self) -> None:
        self.went: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Note it, and give an empty page."""
        self.went.append(request)
        return httpx.Response(200, json=page())


@given(url=URLS)
async def test_no_url_of_the_api_takes_the_key_to_another_origin(url: str) -> None:
    net = Net()
    async with ChargeClient(KEY, HOME, transport=net, retry=NO_RETRY) as charge:
        try:
            await charge.reservations.page(url=url)
        except ForeignUrl:
            assert net.went == []
    for request in net.went:
        assert (request.url.scheme, request.url.host, request.url.port or 443) == ("https", "api.chargeapi.co", 443)
        assert request.headers["host"] in ("api.chargeapi.co", "api.chargeapi.co:443")
        assert request.url.raw_path.split(b"?")[0] == b"/v1/reservations"


# -- the key file -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_key_file_in_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o755)
    file = folder / "key"
    file.touch(mode=0o600)
    file.write_text(KEY)
    assert FileKey(file).read().get_secret_value() == KEY
    os.chown(folder, 12345, -1)
    with pytest.raises(KeyUnusable, match="another user") as caught:
        FileKey(file).read()
    assert SECRET not in caught.value.sentence

"""The log and the crash report: bounded, private, and free of keys, query values and locals."""

import logging
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.config import logs
from charge_tui.config.crash import crash_line, crash_text, report_crash
from charge_tui.config.logs import FILE, LOGGER, start_log
from charge_tui.config.redact import scrub, scrub_log

KEY = "ch_sk_live_Abc123_xyz"


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    logger = logging.getLogger(LOGGER)
    yield logger
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = True


def test_entries_reach_a_private_file_scrubbed(tmp_path: Path, log: logging.Logger) -> None:
    assert start_log(tmp_path, "info") is None
    logging.getLogger(f"{LOGGER}.desk").info("GET https://a.b/v1/reservations?driver=drv_7&page=page_x with %s", KEY)
    log.debug("not at this level")
    text = (tmp_path / FILE).read_text()
    assert text.endswith("INFO    charge_tui.desk: GET https://a.b/v1/reservations?driver=…&page=… with ch_sk_live_…\n")
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_traceback_is_scrubbed_too(tmp_path: Path, log: logging.Logger) -> None:
    start_log(tmp_path, "debug")
    try:
        raise ValueError(f"Bearer {KEY}")
    except ValueError:
        log.exception("it failed")
    text = (tmp_path / FILE).read_text()
    assert "ValueError: Bearer ch_sk_live_…" in text
    assert "Abc123" not in text


def test_the_files_stay_bounded_and_private(
    tmp_path: Path, log: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_SIZE", 2_000)
    start_log(tmp_path, "info")
    for number in range(400):
        log.info("entry %d", number)
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == [FILE, f"{FILE}.1", f"{FILE}.2", f"{FILE}.3"]
    assert all(path.stat().st_size <= 2_000 and stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    assert "entry 399" in (tmp_path / FILE).read_text()


def test_nothing_reaches_the_terminal_or_the_root_logger(
    tmp_path: Path, log: logging.Logger, capfd: pytest.CaptureFixture[str]
) -> None:
    problem = start_log(tmp_path / "absent", "info")
    assert problem is not None
    assert "no log is kept" in problem
    log.error("somewhere")
    start_log(tmp_path, "info")
    log.info("a lone surrogate \udc80")
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger().level == logging.WARNING
    assert not log.propagate


def test_a_report_has_the_place_but_neither_key_nor_locals(tmp_path: Path) -> None:
    def fail() -> None:
        secret_local = "Maya " + "Okafor"
        raise RuntimeError(f"{KEY} at https://a.b/?x={len(secret_local)}")

    with pytest.raises(RuntimeError) as caught:
        fail()
    path = report_crash(caught.value, tmp_path / "log")
    assert path is not None
    text = path.read_text()
    assert "test_logs.py" in text
    assert "RuntimeError: ch_sk_live_… at https://a.b/?x=…" in text
    assert "Maya Okafor" not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert str(path) in crash_line(caught.value, path)
    assert "Abc123" not in crash_line(caught.value, path)


def test_a_report_that_cannot_be_written_is_no_second_crash(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("in the way")
    assert report_crash(ValueError("x"), tmp_path / "log") is None
    assert "No report could be written" in crash_line(ValueError("x"), None)


_KEYS = st.from_regex(r"ch_sk_(test|live)_[A-Za-z0-9_]{8,40}", fullmatch=True)


@given(st.text(max_size=40), _KEYS, st.text(max_size=40))
def test_no_key_survives_in_any_text(before: str, key: str, after: str) -> None:
    tail = key[len("ch_sk_test_") :]
    for clean in (scrub(before + key + after), scrub_log(before + key + after)):
        assert key not in clean
    assert tail not in crash_text(ValueError(key), datetime(2026, 4, 1, tzinfo=UTC))

"""Whether a terminal is left as it was found."""

import termios

from tests.support.process import Terminal

ALT_SCREEN, MAIN_SCREEN = "\x1b[?1049h", "\x1b[?1049l"
TITLE_KEPT = "\x1b[22;2t"


def assert_restored(it: Terminal) -> None:
    """The terminal is as it was found: main screen, cursor, title, no mouse, no raw mode."""
    if ALT_SCREEN in it.text:
        assert it.text.rindex(MAIN_SCREEN) > it.text.rindex(ALT_SCREEN)
        assert it.text.rindex("\x1b[?25h") > it.text.rindex("\x1b[?25l")
        if TITLE_KEPT in it.text:
            assert it.text.rindex("\x1b[23;2t") > max(it.text.rindex(TITLE_KEPT), it.text.rfind("\x1b]2;"))
        for mode in ("1000", "1003", "1004", "1006", "2004"):
            if f"\x1b[?{mode}h" in it.text or TITLE_KEPT in it.text:  # else it ended before the desk had the terminal
                assert it.text.rindex(f"\x1b[?{mode}l") > it.text.rfind(f"\x1b[?{mode}h")
    flags = termios.tcgetattr(it.master)[3]
    assert flags & termios.ECHO
    assert flags & termios.ICANON

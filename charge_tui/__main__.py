"""``charge-tui``, and ``python -m charge_tui``: the screen that was left, then the command line."""

import os
import sys

from charge_tui.early import EARLY


def main() -> int:
    """Run the command line of this process and return its exit code."""
    EARLY.remember(sys.argv[1:], os.environ)
    EARLY.show_saved()
    from charge_tui.cli import entry

    return entry()


if __name__ == "__main__":
    sys.exit(main())

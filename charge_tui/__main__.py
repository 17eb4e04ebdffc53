"""``python -m charge_tui`` is ``charge-tui``."""

import sys

from charge_tui.cli import entry

if __name__ == "__main__":
    sys.exit(entry())

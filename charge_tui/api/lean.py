"""httpx without its command line, which it imports wherever click is installed: click, rich and Pygments with it.

Imported before anything else of this package, and so before httpx.
"""

import sys

if "httpx" not in sys.modules:
    sys.modules["httpx._main"] = None  # type: ignore[assignment]  # None makes an import fail
    import httpx as httpx

    del sys.modules["httpx._main"]

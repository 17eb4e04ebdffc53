"""httpx without what it drags along; imported before anything else of this package, and so before httpx.

It imports its command line wherever click is installed: click, rich and Pygments with it. And under every request its
httpcore tries to import sniffio four times; where that is not installed each try searches all folders anew, which takes
a tenth of the request.
"""

import sys
from importlib.util import find_spec

if "httpx" not in sys.modules:
    sys.modules["httpx._main"] = None  # type: ignore[assignment]  # None makes an import fail
    import httpx as httpx

    del sys.modules["httpx._main"]
if "sniffio" not in sys.modules and find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]  # fails as before, at once

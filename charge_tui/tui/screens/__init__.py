"""The desk's screen and the pages that open over it, one to a file."""

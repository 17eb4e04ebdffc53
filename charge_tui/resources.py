"""Files that come with the program."""

from pathlib import Path


def styles() -> Path:
    """The folder of the style sheets: inside the installed package, or beside it in an editable install.

    Raises:
        FileNotFoundError: neither place has them; the installation is broken.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "styles", package.parent / "styles"):
        if any(folder.glob("*.tcss")):
            return folder
    raise FileNotFoundError(f"no style sheets in {package / 'styles'} or {package.parent / 'styles'}")

"""Style sheets that are parsed once.

Textual parses all of them anew when it applies the theme that they were written for, at each start, and forgets what it
has parsed by then: the first picture and the first form would each wait for all of them again.
"""

from textual.css.stylesheet import Stylesheet


class OnceParsed(Stylesheet):
    """Parses a source again only for other variables."""

    def set_variables(self, variables: dict[str, str]) -> None:
        """Set the colours of a theme."""
        if variables != self._variables:
            super().set_variables(variables)
            self._require_parse = True
            self._rules_map = None

    def reparse(self) -> None:
        """Parse what is new, or everything where the variables are."""
        if self._require_parse:
            self.parse()

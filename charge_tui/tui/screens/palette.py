"""The command palette: every command by its name."""

from collections.abc import Coroutine
from functools import partial
from typing import Any

from textual.command import DiscoveryHit, Hit, Hits, Provider

from charge_tui.tui.commands import BY_ID, COMMANDS, Keymap, keymap


class Commands(Provider):
    """Gives the palette the commands of the registry that make sense by name."""

    async def discover(self) -> Hits:
        """All of them."""
        for command in COMMANDS:
            if command.palette:
                yield DiscoveryHit(command.title, self._runs(command.id), help=self._help(command.id))

    async def search(self, query: str) -> Hits:
        """Those whose name fits what was typed."""
        matcher = self.matcher(query)
        for command in COMMANDS:
            score = matcher.match(command.title) if command.palette else 0
            if score > 0:
                yield Hit(score, matcher.highlight(command.title), self._runs(command.id), help=self._help(command.id))

    def _runs(self, command: str) -> partial[Coroutine[Any, Any, Any]]:
        return partial(self.screen.run_action, f"command('{command}')")

    def _help(self, identity: str) -> str:
        return f"{_keys(self.app).shown(identity, 1)}  {BY_ID[identity].about}"


def _keys(app: object) -> Keymap:
    keys = getattr(app, "keymap", None)
    return keys if isinstance(keys, Keymap) else keymap({})

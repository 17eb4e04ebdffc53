"""The command palette: every command by its name."""

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from charge_tui.tui.commands import COMMANDS


class Commands(Provider):
    """Gives the palette the commands of the registry that make sense by name."""

    async def discover(self) -> Hits:
        """All of them."""
        for command in COMMANDS:
            if command.palette:
                yield DiscoveryHit(command.title, partial(self._run, command.id), help=command.about)

    async def search(self, query: str) -> Hits:
        """Those whose name fits what was typed."""
        matcher = self.matcher(query)
        for command in COMMANDS:
            score = matcher.match(command.title) if command.palette else 0
            if score > 0:
                yield Hit(score, matcher.highlight(command.title), partial(self._run, command.id), help=command.about)

    async def _run(self, command: str) -> None:
        await self.screen.run_action(f"command('{command}')")

"""Keys that are typed ahead act in their order, each on what the one before it opened.

Textual hands a key to the widget that has the focus at that moment, and acts on it some messages later. Over a slow
line several keys come at once: the ``c`` of ``/c`` would then be a command. So one key is handed on at a time,
and the next one when the first has gone all its way and what it opened has the focus. A key that only walks needs no
way at all: the screen takes it when its turn comes, and a hundred of them cost one painting.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

LONGEST: Final = 1.0
"""Seconds after which the next key goes on, whatever became of the one before it."""


class Walks:
    """A screen that takes some keys without Textual's routing."""

    def walk(self, key: str) -> bool:
        """Act on a key that opens nothing and moves no focus; False where the key has to go Textual's way."""
        return False


class InOrder:
    """Hands keys and pastes on, one after another.

    Args:
        hand_on: gives an event to Textual's own routing.
    """

    def __init__(self, app: App[None], hand_on: Callable[[events.Event], Awaitable[None]]) -> None:
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[events.Event] = deque()
        self._turn = 0
        self._guard: asyncio.TimerHandle | None = None

    async def take(self, event: events.Event) -> None:
        """A key or a paste has come."""
        self._waiting.append(event)
        if self._guard is None:
            await self._next()

    async def _next(self) -> None:
        self._turn += 1
        if self._guard is not None:
            self._guard.cancel()
            self._guard = None
        while self._waiting and self._walked(self._waiting[0]):
            self._waiting.popleft()
        if not self._waiting:
            return
        turn, screen = self._turn, self._app.screen
        target: MessagePump = self._app.focused or screen
        self._guard = asyncio.get_running_loop().call_later(LONGEST, self._give_up, turn)
        await self._hand_on(self._waiting.popleft())
        self._follow(target, screen, turn)

    def _walked(self, event: events.Event) -> bool:
        screen = self._app.screen
        return (
            isinstance(event, events.Key)
            and isinstance(screen, Walks)
            and self._app.app_focus
            and screen.walk(event.key)
        )

    def _follow(self, node: MessagePump | None, screen: object, turn: int) -> None:
        """Pass through the queues that the key passes through, one message behind it."""
        while node is not None and node is not self._app:
            if node.call_later(self._follow, node._parent, screen, turn):
                return
            node = node._parent
        # what the key did may have asked for the focus, which is given by a later message to the app
        self._app.call_later(self._arrived, screen, turn, 2)

    async def _arrived(self, screen: object, turn: int, more: int) -> None:
        if turn != self._turn:
            return
        if more:
            self._app.call_later(self._arrived, screen, turn, more - 1)
        elif self._app.screen is not screen:
            now = self._app.screen
            now.call_after_refresh(lambda: self._app.call_later(self._arrived, now, turn, 1))
        else:
            await self._next()

    def _give_up(self, turn: int) -> None:
        if turn == self._turn:
            self._app.call_later(self._next)

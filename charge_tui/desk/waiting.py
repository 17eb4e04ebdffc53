"""Waiting that ends early when there is a reason."""

import asyncio

from charge_tui.clock import Clock


async def rest(clock: Clock, seconds: float, woken: asyncio.Event) -> None:
    """Return after that many seconds, or when the event is set; it is cleared first."""
    woken.clear()
    sleep = asyncio.ensure_future(clock.sleep(seconds))
    wake = asyncio.ensure_future(woken.wait())
    _, waiting = await asyncio.wait((sleep, wake), return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)

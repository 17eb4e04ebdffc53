"""The one task that reads: asks the plan what is next, reads it, hands what came to the mirror, and never gives up.

It is never cancelled while a request is under way: a cancelled httpx request poisons its pool for good
(encode/httpcore#1093). To end it, ``stop`` is called, and the request under way is broken off by closing the client.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from charge_tui.api import ChargeClient, Page
from charge_tui.api.errors import ChargeError, FeedFault, InvalidRequest, NotFound, PageLoop, PermissionDenied
from charge_tui.api.retry import NO_RETRY
from charge_tui.clock import Clock
from charge_tui.desk.budget import Share
from charge_tui.desk.gauge import spending
from charge_tui.desk.names import Names
from charge_tui.desk.plan import PAGE, Job, Plan, ReadNames, ReadOne, ReadPage, Rest
from charge_tui.desk.trouble import Trouble
from charge_tui.desk.waiting import rest
from charge_tui.desk.walk import LoopError, Stretch, Walk, beyond, stretch
from charge_tui.domain.reservation import Row
from charge_tui.records import dataclass

JUMP: Final = 10.0
"""Seconds by which wall time and monotonic time may drift apart before it counts as a suspend or a clock step."""
_LONGEST_REST: Final = 5.0
_LEAVING: Final = 8
"""Turns of the event loop after which a request that was begun has left."""


class Picture(Protocol):
    """Where the poller hands what it read."""

    def take(self, rows: tuple[Row, ...], seen: float, source: str) -> None:
        """Rows that were asked for at that monotonic moment."""

    def take_gone(self, identity: str) -> None:
        """The API has no such reservation, or does not show it."""

    def take_stretch(self, stretch: Stretch, asked: float) -> None:
        """Between these creation times the list has nothing but what was just taken in."""

    def take_walk(self, walk: Walk) -> None:
        """A walk reached its end."""

    def take_names(self, identities: frozenset[str]) -> None:
        """These names became known."""

    def feed_changed(self) -> None:
        """Something besides the passing of time is different about the feed."""

    def feed_fault(self, error: ChargeError) -> None:
        """A list cannot be followed to its end."""

    def clock_jumped(self, seconds: float) -> None:
        """Wall time and monotonic time drifted apart by that much."""

    def step_done(self) -> None:
        """One step is over: tell whoever listens."""


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The page that the first look needs next, under way while the last one is taken in."""

    job: ReadPage
    asked: float
    page: asyncio.Task[Page]


class Poller:
    """Runs until stopped.

    ``reconnect`` makes a client with a key that was read anew, for when the present one is refused; None where there is
    no key to be had.
    """

    def __init__(
        self,
        client: ChargeClient,
        plan: Plan,
        trouble: Trouble,
        names: Names,
        picture: Picture,
        clock: Clock,
        world_now: Callable[[], datetime],
        horizon: timedelta,
        reconnect: Callable[[], Awaitable[ChargeClient | None]] | None = None,
    ) -> None:
        self.client = client
        self._plan = plan
        self._trouble = trouble
        self._names = names
        self._picture = picture
        self._clock = clock
        self._world_now = world_now
        self._horizon = horizon
        self._reconnect = reconnect
        self._stopping = False
        self._wake = asyncio.Event()
        self._drift: float | None = None
        self._woke = float("-inf")
        self._ahead: _Ahead | None = None
        self.on_duty = True
        """Whether it reads at all; another desk of this machine may do it for both."""
        self.busy_since: float | None = None
        """When the request under way left; None while there is none."""

    async def run(self) -> None:
        """Read until ``stop`` is called."""
        while not self._stopping:
            self.look_at_clocks()
            now = self._clock.monotonic()
            self._names.now = now
            self._plan.names_wanted = self._names.wanted
            hold = self._trouble.hold(now)
            step: Job | Rest = Rest(hold or _LONGEST_REST) if hold > 0 or not self.on_duty else self._plan.next(now)
            if self._ahead is not None:
                await self._do(self._ahead.job)
            elif isinstance(step, Rest):
                await rest(self._clock, min(step.seconds, _LONGEST_REST), self._wake)
            else:
                await self._do(step)
        if self._ahead is not None:
            await asyncio.gather(self._ahead.page, return_exceptions=True)

    def wake(self) -> None:
        """Look again at what is to be done."""
        self._wake.set()

    def stop(self) -> None:
        """End ``run`` after the request under way."""
        self._stopping = True
        self.wake()

    def hurry(self) -> None:
        """A person asked for a read."""
        self._trouble.hurry()
        self._plan.demand(self._clock.monotonic())
        self.wake()

    def look_at_clocks(self) -> None:
        """Notice that the machine slept or that its clock was set; for whoever tells an age before the next read."""
        drift = self._clock.now().timestamp() - self._clock.monotonic()
        if self._drift is not None and abs(drift - self._drift) > JUMP:
            self._woke = self._clock.monotonic()
            self.client.reset("the clock jumped")
            self._picture.clock_jumped(drift - self._drift)
            self._plan.demand(self._clock.monotonic())
            self._plan.look_back()
        self._drift = drift

    async def _do(self, job: Job) -> None:
        share = Share.QUIET if isinstance(job, ReadNames) else job.share
        self.busy_since = self._ahead.asked if self._ahead else self._clock.monotonic()
        try:
            await self._renew_refused_key()
            with spending(share):
                await self._read(job)
            gap = self._trouble.answered(self._clock.monotonic())
            if gap:
                self._picture.feed_changed()
            if self._trouble.was_long(gap):
                self._plan.look_back()
        except ChargeError as error:
            if not self._stopping:
                self._trouble.failed(error, self._clock.monotonic(), self._world_now())
                self._picture.feed_changed()
        finally:
            self.busy_since = self._ahead.asked if self._ahead else None
            self._picture.step_done()

    async def _renew_refused_key(self) -> None:
        if self._trouble.refused and self._reconnect:
            fresh = await self._reconnect()
            if fresh:
                old, self.client = self.client, fresh
                await old.aclose()

    async def _read(self, job: Job) -> None:
        if isinstance(job, ReadPage):
            await self._read_page(job)
        elif isinstance(job, ReadOne):
            await self._read_one(job.id)
        else:
            self._picture.take_names(await self._names.look_up(self.client))

    async def _read_page(self, job: ReadPage) -> None:
        walk, ahead = job.walk, self._ahead or self._ask(job)
        asked, self._ahead = ahead.asked, None
        try:
            page = await ahead.page
            if page.next_page_url is not None and not self._plan.loaded and asked >= self._woke:
                await self._take_while_next_comes(job, page, asked)
                return
            self._picture.take(page.rows, asked, "poll")
            if asked >= self._woke:  # else it is as old as the sleep, and says nothing of who is in the list now
                self._follow(job, page, asked)
        except (FeedFault, LoopError) as fault:
            walk.abandon()
            walk.not_before = asked + max(self._plan.refresh, _LONGEST_REST)
            error = fault if isinstance(fault, FeedFault) else PageLoop("", task=f"list {walk.status} reservations")
            self._picture.feed_fault(error)
        except (InvalidRequest, NotFound):
            if job.url is None:
                raise
            walk.abandon()

    def _ask(self, job: ReadPage) -> _Ahead:
        asked = self._clock.monotonic()
        if job.url is None:
            self._plan.head_read(job.walk, asked)
        reading = self.client.reservations.page(status=job.walk.status, limit=job.limit, url=job.url, retry=NO_RETRY)
        return _Ahead(job, asked, asyncio.ensure_future(reading))

    async def _take_while_next_comes(self, job: ReadPage, page: Page, asked: float) -> None:
        """Take in a page that is not the last one of the first look; the next one is asked for before.

        Until everything was seen once no page says who left, so that a walk may go on before its rows are there.
        """
        try:
            self._follow(job, page, asked)
            now = self._clock.monotonic()
            following = self._plan.next(now)
            if isinstance(following, ReadPage) and self.on_duty and not self._stopping and self._trouble.hold(now) <= 0:
                with spending(following.share):
                    self._ahead = self._ask(following)
                for _ in range(_LEAVING):
                    await asyncio.sleep(0)
        finally:
            self._picture.take(page.rows, asked, "poll")

    def _follow(self, job: ReadPage, page: Page, asked: float) -> None:
        walk = job.walk
        if any(walk is closed for closed in self._plan.closed):
            self._follow_closed(walk, job, page, asked)
            return
        below = page.next_page_url is not None
        if job.url is None:
            walk.head_read(asked, page.rows, more=below and job.limit < PAGE)
        if walk is self._plan.failed:
            return
        covered = stretch(page.rows, walk.status, walk.reached if job.url else None, last=not below)
        if covered:
            self._picture.take_stretch(covered, asked)
        if job.url is None and below and (job.limit < PAGE or walk.under_way):
            return
        walk.reached = covered.newer_than if covered else walk.reached if job.url else None
        done = walk.begin(asked, page.next_page_url) if job.url is None else walk.step(asked, page.next_page_url)
        if done:
            self._picture.take_walk(walk)

    def _follow_closed(self, walk: Walk, job: ReadPage, page: Page, asked: float) -> None:
        now = self._world_now()
        done = walk.begin(asked, page.next_page_url) if job.url is None else walk.step(asked, page.next_page_url)
        if done or beyond(page.rows, walk.status, now - self._horizon, now):
            self._plan.looked_back(walk)

    async def _read_one(self, identity: str) -> None:
        asked = self._clock.monotonic()
        try:
            row = await self.client.reservations.retrieve_row(identity, retry=NO_RETRY)
        except (NotFound, PermissionDenied):
            self._picture.take_gone(identity)
            return
        except InvalidRequest:
            self._plan.postpone(identity, asked)
            raise
        if row.id == identity:
            self._picture.take((row,), asked, "poll")
        else:
            self._plan.postpone(identity, asked)

"""The desk's screen with what a person says about findings: acknowledged, handled, snoozed, and why it is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from charge_tui.desk.attention.judging import Undo, VerdictRefused
from charge_tui.desk.attention.state import Entry, Said
from charge_tui.domain.attention.finding import Finding, Severity
from charge_tui.domain.attention.words import why
from charge_tui.domain.text import safe
from charge_tui.tui.commands import Command, When
from charge_tui.tui.put_off import bell, explained, judged_list, reasons, snooze, why_page
from charge_tui.tui.screens.fixing import FixingScreen


class AttendingScreen(FixingScreen):
    """Each verdict is about the finding that was under the cursor when its key was pressed; then the next one is."""

    _undo_of_all: Undo | None = None
    _alarm: bell.Alarm | None = None

    # -- what can be done ---------------------------------------------------------------------------------------------

    def cases(self) -> dict[When, bool]:
        """What is the case now; with marks, the findings of the marked ones count."""
        known = super().cases()
        if self.workspace.place.marks:
            known["finding"] = known["finding"] or bool(self._targets())
        return known

    def why_not(self, command: Command) -> str:
        """Why a command cannot act now."""
        if command.when == "finding":
            return "nothing is wrong with this one"
        return super().why_not(command)

    # -- acknowledge --------------------------------------------------------------------------------------------------

    def do_acknowledge(self) -> None:
        """Acknowledge it, or take that back; with marks, all that are marked."""
        targets = self._targets()
        fresh = [entry for entry in targets if entry.verdict is None or entry.verdict.said is Said.SNOOZED]
        if fresh:
            keys = [entry.finding.key for entry in fresh]
            self._go_on(keys)
            self.run_worker(self._acknowledge(keys), group="verdict")
            return
        taken = [entry for entry in targets if entry.verdict and entry.verdict.said is Said.ACKNOWLEDGED]
        if taken:
            self.run_worker(self._take_back(taken), group="verdict")
        elif targets and targets[0].verdict:
            by = safe(targets[0].verdict.by, 40)
            self.say(f"handled by {by}; {self.keymap.shown('verdicts', 1)} lists it and takes it back")

    async def _acknowledge(self, keys: Sequence[str]) -> None:
        given = await self.attention.acknowledge(keys)
        if not given:
            self.say("it is over by now; nothing to acknowledge")
            return
        one = self.attention.verdicts.of(given[0].key)
        back = one.verdict.until if one else None
        told = f", back at {explained.moment(back, self.workspace.look())}" if back and len(given) == 1 else ""
        self.say(f"acknowledged{told}: {_names(given)}{self._left()}", "good")

    async def _take_back(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            await self.attention.take_back(entry.finding.key)
        self.say(f"taken back, it waits again: {_names([entry.finding for entry in entries])}")

    def do_acknowledge_all(self) -> None:
        """Acknowledge all that is shown but the critical ones; again within ten seconds takes that back."""
        undo, self._undo_of_all = self._undo_of_all, None
        if undo is not None and self.clock.monotonic() <= undo.until:
            self.run_worker(self._undo_all(undo), group="verdict")
            return
        shown = set(self.workspace.ids)
        fresh = [entry for entry in self.attention.queue().entries if entry.fresh and entry.id in shown]
        keys = [entry.finding.key for entry in fresh if entry.finding.severity < Severity.CRITICAL]
        if keys:
            self.run_worker(self._acknowledge_all(keys), group="verdict")
        elif fresh:
            self.say("only critical ones wait; each of them is acknowledged by itself", "warn")
        else:
            self.say("nothing waits here to be acknowledged")

    async def _acknowledge_all(self, keys: Sequence[str]) -> None:
        undo = await self.attention.acknowledge_all(keys)
        self._undo_of_all = undo
        key = self.keymap.shown("acknowledge_all", 1)
        self.say(f"{len(undo)} acknowledged · {key} within 10 s takes it back", "good")

    async def _undo_all(self, undo: Undo) -> None:
        back = await self.attention.undo_all(undo)
        self.say(f"{len(back)} taken back, they wait again" if back else "that was too late to take it back")

    # -- handled, snoozed ---------------------------------------------------------------------------------------------

    def do_handled(self) -> None:
        """Say how it was handled."""
        entry = self._entry()
        if entry is None:
            return
        finding = entry.finding

        def said(reason: str | None) -> None:
            if reason is not None:
                self.run_worker(self._handled(finding, reason), group="verdict")

        self.app.push_screen(reasons.ReasonMenu("Handled: how?", finding, self.workspace.look), said)

    async def _handled(self, finding: Finding, reason: str) -> None:
        await self._give(
            finding, lambda: self.attention.handled(finding.key, reason), f"handled, {safe(reason, 60)}: {why(finding)}"
        )

    def do_snooze(self) -> None:
        """Put it off; a critical or high one with a reason."""
        entry = self._entry()
        if entry is None:
            return
        finding, look = entry.finding, self.workspace.look

        def put_off(chosen: snooze.Snooze | None) -> None:
            if chosen is None:
                return
            if not self.attention.needs_reason(finding):
                self.run_worker(self._snooze(finding, chosen, ""), group="verdict")
                return

            def said(reason: str | None) -> None:
                if reason is not None:
                    self.run_worker(self._snooze(finding, chosen, reason), group="verdict")
                else:
                    self.say("not snoozed: it is left as it was")

            title = f"Snoozed {self._until(chosen)}: why?"
            self.app.push_screen(reasons.ReasonMenu(title, finding, look, reasons.WAITING), said)

        self.app.push_screen(snooze.SnoozeMenu(finding, look, self.attention.snooze_limits(finding)), put_off)

    async def _snooze(self, finding: Finding, chosen: snooze.Snooze, reason: str) -> None:
        words = f"snoozed {self._until(chosen)}: {why(finding)}"
        await self._give(finding, lambda: self.attention.snooze(finding.key, chosen.until, reason), words)

    async def _give(self, finding: Finding, give: Callable[[], Awaitable[Sequence[Finding]]], words: str) -> None:
        here = self._entry()
        try:
            given = await give()
        except VerdictRefused as refused:
            self.say(refused.sentence, "warn")
            return
        if not given:
            self.say(f"it is over by now: {why(finding)}")
            return
        if here is not None and here.finding.key == finding.key:
            self._go_on([finding.key])
        self.say(f"{words}{self._left()}", "good")

    def _until(self, chosen: snooze.Snooze) -> str:
        if chosen.until is None:
            return "until it clears"
        return f"until {explained.moment(chosen.until, self.workspace.look())}"

    # -- looking ------------------------------------------------------------------------------------------------------

    def do_verdicts(self) -> None:
        """The list of what was said."""

        def go(identity: str | None) -> None:
            if identity is None:
                return
            if identity in self.table.ids:
                self.table.go(identity)
            else:
                self._open_id(identity)

        space = self.workspace
        self.app.push_screen(judged_list.VerdictsScreen(self.attention, space.row, space.look, self.clock), go)

    def do_why(self) -> None:
        """The finding under the cursor in full; the marks, or that nothing is wrong."""
        row, entry = self._row(), self._entry()
        if row is None:
            return
        found = self.attention.of(row.id)
        finding = entry.finding if entry else next(iter(found), None)
        every = (*(entry.others if entry else ()), *found)
        others = {one.key: one for one in every if finding is None or one.key != finding.key}
        case = explained.Case(
            row, finding, tuple(others.values()), self.attention.marks(row.id), entry.verdict if entry else None
        )  # fmt: skip
        self.app.push_screen(why_page.WhyPage(case, self.attention.engine.thresholds, self.workspace.look, self.clock))

    # -- ringing ------------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """A second has passed; the terminal is told of what is critical and new, where that is wanted."""
        super().tick()
        if self._alarm is None:
            self._alarm = bell.Alarm(
                self.attention, self.desk.known, bell=self.options.bell, notify=self.options.notify
            )
        self._alarm.look(self.app, self.workspace.look())

    # -- inside -------------------------------------------------------------------------------------------------------

    def _targets(self) -> list[Entry]:
        """The entries that a verdict is about: those of the marked ones, else the one under the cursor."""
        marks = self.workspace.place.marks
        found = [self.attention.entry(identity) for identity in marks] if marks else [self._entry()]
        return list({entry.finding.key: entry for entry in found if entry is not None}.values())

    def _go_on(self, judged: Iterable[str]) -> None:
        """To the next one that waits, in the order that is shown; from the last one to the first."""
        if self.workspace.view.name != "attention" or self.pinned is not None or self.workspace.place.marks:
            return
        done = set(judged)
        fresh = {one.id for one in self.attention.queue().entries if one.fresh and one.finding.key not in done}
        ids, here = list(self.table.ids), self.table.cursor
        place = ids.index(here) + 1 if here in ids else 0
        following = next((identity for identity in (*ids[place:], *ids[:place]) if identity in fresh), None)
        if following is not None:
            self.table.go(following)

    def _left(self) -> str:
        waiting = self.attention.queue().waiting
        return f" · {waiting:,} still wait" if waiting > 1 else " · 1 still waits" if waiting else " · all clear"


def _names(findings: Sequence[Finding]) -> str:
    return why(findings[0]) if len(findings) == 1 else f"{len(findings)} findings"

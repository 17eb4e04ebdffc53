"""What the desk's screen needs only once a key was pressed; imported then, or when keys rest (``charge_tui.later``)."""

from typing import TYPE_CHECKING

from charge_tui.later import later

if TYPE_CHECKING:
    from charge_tui.domain import drafting
    from charge_tui.domain.attention import as_if, proposals
    from charge_tui.tui import bell, choices, foresight, jobs
    from charge_tui.tui.render import board_draw, fixes, questions
    from charge_tui.tui.render import why as explained
    from charge_tui.tui.screens import bulk, fix, form, question, reasons, snooze, which
    from charge_tui.tui.screens import verdicts as judged_list
    from charge_tui.tui.screens import why as why_page
    from charge_tui.tui.widgets import board as boards
else:
    as_if = later("charge_tui.domain.attention.as_if")
    bell = later("charge_tui.tui.bell")
    board_draw = later("charge_tui.tui.render.board_draw")
    boards = later("charge_tui.tui.widgets.board")
    bulk = later("charge_tui.tui.screens.bulk")
    choices = later("charge_tui.tui.choices")
    drafting = later("charge_tui.domain.drafting")
    explained = later("charge_tui.tui.render.why")
    fix = later("charge_tui.tui.screens.fix")
    fixes = later("charge_tui.tui.render.fixes")
    foresight = later("charge_tui.tui.foresight")
    form = later("charge_tui.tui.screens.form")
    jobs = later("charge_tui.tui.jobs")
    judged_list = later("charge_tui.tui.screens.verdicts")
    proposals = later("charge_tui.domain.attention.proposals")
    question = later("charge_tui.tui.screens.question")
    questions = later("charge_tui.tui.render.questions")
    reasons = later("charge_tui.tui.screens.reasons")
    snooze = later("charge_tui.tui.screens.snooze")
    which = later("charge_tui.tui.screens.which")
    why_page = later("charge_tui.tui.screens.why")

__all__ = [
    "as_if", "bell", "board_draw", "boards", "bulk", "choices", "drafting", "explained", "fix", "fixes", "foresight",
    "form", "jobs", "judged_list", "proposals", "question", "questions", "reasons", "snooze", "which", "why_page",
]  # fmt: skip

"""What a sandbox says when it starts."""

from charge_tui.sandbox.fixtures import FIXTURES
from charge_tui.sandbox.server import RunningSandbox


def announcement(sandbox: RunningSandbox) -> str:
    """Base URL, key and curl lines that work as they stand."""
    bearer = f'-H "Authorization: Bearer {sandbox.key}"'
    status = sandbox.status()
    counts = ", ".join(f"{count} {name}" for name, count in status["counts"].items())
    shown = FIXTURES[2].id
    return "\n".join(
        [
            f"Charge sandbox, seed {status['seed']}: {counts}",
            f"world time {status['now']}, {status['rate']:g} x real time",
            "",
            f"  base URL  {sandbox.base_url}",
            f"  key       {sandbox.key}",
            "",
            "one reservation, and the desk:",
            f"  curl {sandbox.base_url}/reservations/{shown} {bearer}",
            f"  CHARGE_API_KEY={sandbox.key} charge-tui --base-url {sandbox.base_url}",
            "",
            "order trouble, end it, put the world's clock forward by an hour:",
            f'  curl {sandbox.control_url}/faults {bearer} --json \'{{"faults": ["503@p=0.3"]}}\'',
            f"  curl {sandbox.control_url}/faults {bearer} --json '{{\"faults\": []}}'",
            f"  curl {sandbox.control_url}/advance {bearer} --json '{{\"by\": 3600}}'",
            "",
            "Ctrl-C ends it.",
        ]
    )

"""What a page costs on its way from the local sandbox to models, beside a bare httpx request and ``json.loads``.

Run as ``python -m tests.benchmarks.exchange``; ``--json`` prints the figures as JSON, ``--open N`` takes another size.
Milliseconds of this process's own processor time; the sandbox runs in another. The two are measured in turns, page by
page of one walk through the open reservations, so that each pair saw the same bytes and the same machine.
"""

import asyncio
import json
import statistics
import time

import httpx

from charge_tui.api import ChargeClient
from tests.benchmarks.served import Served, served
from tests.benchmarks.timing import Figures, figures, tell

PAGE = 100


def measure(count: int = 5000) -> Figures:
    """The walk through ``count`` open reservations: each page bare and as models, and the ratio of the whole walks."""
    with served(seed=7, reservations=count + count // 5, open=count, speed=0, traffic=False) as sandbox:
        return asyncio.run(_measure(sandbox))


async def _measure(sandbox: Served) -> Figures:
    bare, ours, ratios = [], [], []
    headers = {"Authorization": f"Bearer {sandbox.key}"}
    async with (
        httpx.AsyncClient(headers=headers, trust_env=False) as client,
        ChargeClient(sandbox.key, sandbox.base_url) as charge,
    ):
        await charge.reservations.page(limit=PAGE)
        for _ in range(3):
            pairs = [
                pair for status in ("pending", "confirmed") for pair in await _walk(client, charge, sandbox, status)
            ]
            bare += [one for one, _ in pairs]
            ours += [other for _, other in pairs]
            ratios.append(sum(other for _, other in pairs) / sum(one for one, _ in pairs))
    return {
        "a page, bare httpx and json.loads": figures(bare),
        "a page, as the client reads it": figures(ours),
        "ratio of whole walks": {"median": round(statistics.median(ratios), 3), "worst": round(max(ratios), 3)},
    }


async def _walk(
    client: httpx.AsyncClient, charge: ChargeClient, sandbox: Served, status: str
) -> list[tuple[float, float]]:
    pairs = []
    url: str | None = f"{sandbox.base_url}/reservations?status={status}&limit={PAGE}"
    while url is not None:
        begun = time.process_time()
        raw = json.loads((await client.get(url)).content)
        between = time.process_time()
        page = await charge.reservations.page(url=url)
        ended = time.process_time()
        assert len(page.data) == len(raw["data"])
        pairs.append(((between - begun) * 1000, (ended - between) * 1000))
        url = page.next_page_url
    return pairs


def main() -> None:
    """Print the figures."""
    tell("what an exchange costs", measure)


if __name__ == "__main__":
    main()

"""A room full of people: thirty visitors of the forum page at once, each of whom chooses, sets an X, saves and reloads.

They speak over the websocket as a browser does. `T4C_LOAD_SECONDS`, `T4C_LOAD_VISITORS` and `T4C_LOAD_PAUSE` (the mean
of the seconds between two things that a visitor does) change its size; `T4C_KERNELS=plain` tries it without the warm
parent.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import statistics
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
from tornado.httpclient import AsyncHTTPClient

from benchmarks.demo_store import demonstration
from benchmarks.table import Row
from t4c_lib.store import Store
from tests.open_page import OpenPage
from tests.served import Served

SECONDS = float(os.environ.get("T4C_LOAD_SECONDS", "300"))
VISITORS = int(os.environ.get("T4C_LOAD_VISITORS", "30"))
PAUSE = float(os.environ.get("T4C_LOAD_PAUSE", "10"))
AFTER = 60.0  # seconds in which every kernel must be gone once its page is closed
OFFERED = re.compile(r"<small>(DEMO-\w+)</small>")  # codes among the links of the frame
TRIES = 10  # where another one overtook it, one's own is saved by a second press, as the page says
MEASURE, DUE = "young-share", "2029-03"
OPENED = re.compile(r'data-form="save" data-row="([^"]+)"')
NO_BASELINE = 'data-base=""'
NOTICE = re.compile(r'<(?:p|div) class="f-notice"[^>]*>(.*?)</')


@dataclass
class Told:
    """What the visitors saw. Times in seconds."""

    errors: Counter[str] = field(default_factory=Counter)
    saved: list[tuple[str, str, float]] = field(default_factory=list)  # organisation, name, X
    overtaken: int = 0
    times: dict[str, list[float]] = field(default_factory=dict)

    def took(self, what: str, since: float) -> None:
        self.times.setdefault(what, []).append(time.perf_counter() - since)


async def visit(address: str, number: int, until: float, told: Told) -> None:
    """One person, until the time is over: load, choose, try three X's, save, reload."""
    chance = random.Random(number)

    async def think() -> None:
        await asyncio.sleep(chance.uniform(0.5, 1.5) * PAUSE)

    await asyncio.sleep(chance.uniform(0, 2 * PAUSE))
    turn, chosen = 0, ""
    while time.perf_counter() < until:
        turn += 1
        page = OpenPage(address)
        try:
            since = time.perf_counter()
            await page.load(chosen and f"?organisation={chosen}&measure={MEASURE}")
            told.took("page, until it can be used", since)
            await think()
            offered = OFFERED.findall(page.widgets[page.find("kind", "frame")]["element"])
            if chosen:
                name = f"Visitor {number:02}-{turn:03}"
                told.saved.append((chosen, name, await use(page, name, chance, think, told)))
            chosen = chance.choice(offered)  # the next page is opened by its link
        except Exception as error:  # noqa: BLE001  (whatever a visitor meets is counted, by kind)
            told.errors[f"{type(error).__name__}: {error}"[:100]] += 1
        finally:
            try:
                await page.leave()
            except Exception as error:  # noqa: BLE001
                told.errors[f"leaving: {type(error).__name__}: {error}"[:100]] += 1


async def use(page: OpenPage, name: str, chance: random.Random, think: Any, told: Told) -> float:
    """Try X's, save one; gives the one that was saved."""
    forum, who = page.find("kind", "forum"), {"by": name, "side": "both"}
    shown = page.widgets[forum]
    row = OPENED.findall(shown["element"])[0]
    values = {"x_kind": "points", "due": DUE, **({"base": "newest"} if NO_BASELINE in shown["element"] else {})}
    x = 0.0
    for _ in range(3):
        await think()
        x = round(chance.uniform(0.3, 2.5), 4)
        values["x_amount"] = f"{x}"
        since = time.perf_counter()
        await page.send(forum, kind="draft", row=row, values=values)
        told.took("X typed, until its meaning is shown", since)
    await think()
    before = shown["saved"]
    for turn in range(TRIES):
        since = time.perf_counter()
        await page.send(forum, kind="save", row=row, values=values, mine=turn > 0, **who)
        told.took("saved, or told who was first", since)
        if shown["saved"] > before:
            return x
        told.overtaken += 1
    raise RuntimeError("overtaken ten times: " + " ".join(NOTICE.findall(shown["element"]))[:60])


async def watch(server: Served, until: float) -> tuple[int, float, float, float]:
    """The most kernels seen, the megabytes of each of them and of all processes then, and all seconds of processor.

    Memory is in proportional shares. A process that came and went between two looks is not seen.
    """
    most, each, together = 0, 0.0, 0.0
    worked: dict[int, float] = {}
    while time.perf_counter() < until:
        kernels = await asyncio.to_thread(server.kernels)
        processes = [psutil.Process(server.process.pid), *psutil.Process(server.process.pid).children(recursive=True)]
        for one in processes:
            with suppress(psutil.Error):
                times = one.cpu_times()
                worked[one.pid] = times.user + times.system
        if len(kernels) >= max(most, 1):
            most, each = len(kernels), statistics.mean([_proportional(one) for one in kernels])
            together = sum(_proportional(one) for one in processes)
        await asyncio.sleep(1)
    return most, each, together, sum(worked.values())


def _proportional(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / 1e6
    except psutil.Error:
        return 0.0


async def crowd(server: Served, told: Told) -> tuple[tuple[int, float, float, float], float]:
    """Everybody at once; gives what was seen of the processes and the seconds until no kernel was left."""
    AsyncHTTPClient.configure(None, max_clients=2 * VISITORS)
    first = OpenPage(server.address)  # whoever starts the server looks whether it works, before others come
    await first.load("")
    await first.leave()
    until = time.perf_counter() + SECONDS
    seen = asyncio.ensure_future(watch(server, until))
    await asyncio.gather(*(visit(server.address, number, until, told) for number in range(VISITORS)))
    left = time.perf_counter()
    while await asyncio.to_thread(server.kernels) and time.perf_counter() < left + 2 * AFTER:
        await asyncio.sleep(0.5)
    return await seen, time.perf_counter() - left


def trial() -> list[Row]:
    """The crowd on a copy of the demonstration store; every save that was acknowledged is then looked for."""
    told = Told()
    with demonstration() as file:
        log = file.with_name("serve.jsonl")
        server = Served(settings={"T4C_LOG": str(log)})
        try:
            (most, each, together, worked), gone = asyncio.run(crowd(server, told))
            remaining = len(server.kernels())
        finally:
            server.stop()
        lost = not_found(told, file)
        failures = sum('"event":"failure"' in line for line in log.read_text().splitlines())
    how = os.environ.get("T4C_KERNELS") or "forked"
    return [
        Row(
            f"{VISITORS} visitors for {SECONDS:.0f} s, {how} kernels",
            f"{len(told.saved)} saves",
            f"pauses of about {PAUSE:g} s",
        ),
        Row(
            "Errors that visitors met",
            str(told.errors.total()),
            "; ".join(f"{n} x {one}" for one, n in told.errors.most_common(3)) or "none is the aim",
        ),
        Row("Failures in the server's log", str(failures), "none is the aim"),
        Row(
            "Acknowledged saves not found in the store",
            str(lost),
            f"of {len(told.saved)}; {told.overtaken} were overtaken, said so, and pressed again",
        ),
        *(
            Row(what.capitalize(), _spread(times), "median, 95th percentile, longest")
            for what, times in told.times.items()
        ),
        Row(
            "Memory of a session",
            f"{each:.0f} MB",
            f"proportional, {most} sessions open; all processes together {together:,.0f} MB",
        ),
        Row(
            "Processor of a visitor",
            f"{worked / VISITORS / SECONDS * 60:.1f} s a minute",
            f"all processes together {worked:.0f} s; whole cores at work {worked / SECONDS:.1f}",
        ),
        Row("Kernels left a minute after", str(remaining), f"the last ended after {gone:.1f} s"),
    ]


def not_found(told: Told, file: Path) -> int:
    """How many saves were acknowledged to a visitor and are not in the store as they were made."""
    with Store.open(f"sqlite:///{file}") as store:
        histories = {code: {one.by: one for one in store.plan_history(code)} for code, _, _ in told.saved}
    lost = 0
    for code, name, x in told.saved:
        revision = histories[code].get(name)
        amounts = [target.change.amount for target in revision.plan.targets] if revision else []
        lost += not any(abs(amount * 100 - x) < 1e-6 for amount in amounts)
    return lost


def _spread(times: list[float]) -> str:
    ordered = sorted(times)
    later = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return f"{statistics.median(ordered):.3f} s, {later:.3f} s, {ordered[-1]:.3f} s"

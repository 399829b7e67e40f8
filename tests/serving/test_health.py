"""Looks at the store's health beside one another: each gets its answer."""

from __future__ import annotations

import asyncio

import pytest

from t4c_lib.serving import monitoring
from t4c_lib.serving.monitoring import ServerLog
from tests.event_loops import run_apart


@pytest.mark.unit
def test_looks_beside_one_another_are_each_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitoring, "trouble_with_store", lambda: "")

    async def look_often(store: monitoring.StoreHealth) -> set[str]:
        return {await store.trouble() for _ in range(200)}

    async def five_monitors() -> list[set[str]]:
        store = monitoring.StoreHealth(ServerLog(None))
        return await asyncio.gather(*(look_often(store) for _ in range(5)))

    assert run_apart(five_monitors()) == [{""}] * 5

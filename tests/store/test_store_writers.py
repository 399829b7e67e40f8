from __future__ import annotations

import os

import pytest
from sqlalchemy import create_engine, text

from t4c_lib.store import Store
from tests.samples import KILLINGS

from .writers import CODE, Accepted, check_history, first_plan, run_writers

pytestmark = [pytest.mark.law, pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")]

WRITERS, EDITS = 8, 4


def test_of_eight_concurrent_writers_no_accepted_edit_is_lost_and_the_plan_is_the_fold_of_its_history(url: str) -> None:
    with Store.open(url) as store:
        store.save_plan(first_plan(), by="facilitator", side="both")
        told = run_writers(url, WRITERS, seed=4, count=EDITS)
        history = store.plan_history(CODE)
        latest = store.latest_plan(CODE)
    assert check_history(history, told.accepted) == 0
    assert len(history) == 1 + len(told.accepted)
    assert len(told.accepted) + told.refused == WRITERS * EDITS
    assert latest == history[-1]
    assert len({one.writer for one in told.accepted}) > WRITERS / 2


def test_after_writers_were_killed_the_store_opens_clean_and_holds_the_last_acknowledged_save(url: str) -> None:
    with Store.open(url) as store:
        store.save_plan(first_plan(rows=1), by="facilitator", side="both")
    accepted: tuple[Accepted, ...] = ()
    checked = 1
    for killing in range(KILLINGS.sample):
        told = run_writers(url, 3, seed=killing, kill_after=1 + killing % 4)
        with Store.open(url) as store:
            history = store.plan_history(CODE)
            assert check_history(history, told.accepted, first=checked) <= 3
            store.save_plan(
                history[-1].plan.changed(organisation_name=f"after killing {killing}"),
                by="facilitator",
                side="both",
                parent_revision=len(history),
            )
            checked = len(history) + 1
        accepted += told.accepted
        assert _is_sound(url)
    assert accepted


def _is_sound(url: str) -> bool:
    engine = create_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            found: object = connection.execute(text("PRAGMA integrity_check")).scalar()
        else:
            found = connection.execute(text("SELECT 'ok'")).scalar()
    engine.dispose()
    return found == "ok"

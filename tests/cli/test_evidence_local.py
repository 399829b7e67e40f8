"""`t4c evidence local`: which authorities count how much, and what is wrong with what was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from t4c_lib.cli.main import app
from t4c_lib.errors import InputError
from t4c_lib.plan.plan import LocalAuthority, served_authorities
from t4c_lib.store import Store
from tests.residents import add_residents

NAMES = {"E08000035": "Leeds", "E08000032": "Bradford"}


def read(*typed: str) -> tuple[LocalAuthority, ...]:
    return served_authorities([text.partition("=")[::2] for text in typed], NAMES)


def given(*typed: str) -> list[tuple[str, float | None]]:
    return [(one.code, one.weight) for one in read(*typed)]


@pytest.mark.unit
def test_authorities_go_by_code_or_name_with_weights_or_without() -> None:
    assert given("leeds=3", "E08000032=1") == [("E08000032", 1.0), ("E08000035", 3.0)]
    assert given("Leeds", "Bradford") == [("E08000032", None), ("E08000035", None)]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["Leeds=x"], "the weight of Leeds is a number above 0, up to a billion, not 'x'."),
        (["Leeds=0"], "the weight of Leeds is a number above 0, up to a billion, not 0.0."),
        (["Leeds", "leeds"], "Leeds is given twice."),
        (["Leeds=1", "Bradford"], "Bradford has no weight, though others have."),
        (["Leds", "Leeds=x"], "There is no local authority called 'Leds'. The closest: Leeds."),
    ],
)
def test_what_is_wrong_with_them_is_told(typed: list[str], words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(*typed)
    assert words in str(caught.value)


@pytest.mark.flow
def test_without_any_it_takes_those_of_the_plan_and_with_none_anywhere_it_says_what_to_do(
    store_file: Path, tmp_path: Path
) -> None:
    def said(*words: str) -> str:
        done = CliRunner().invoke(app, ["evidence", "local", "DEMO-AC", *words])
        return f"{done.output}{done.exception or ''}"

    assert "the plan of DEMO-AC names none yet. Choose them on its Home page, or name them here" in said()
    with Store.open() as store:
        add_residents(store, tmp_path)
        revision = store.latest_plan("DEMO-AC")
        assert revision is not None
        plan = revision.plan.changed(local_authorities={"E06000001": 3, "E06000047": 1})
        store.save_plan(plan, by="Ada Example", side="both", parent_revision=revision.revision)
    assert "Residents of Nearham (75%), Farshire (25%)" in said()
    assert said() == said("Nearham=3", "Farshire=1")
    assert "17.5% of residents" in said()  # three times 20 in 100, and once 10 in 100

"""The large sets, whole: `make test-long` alone runs these. What they try a sample of is in every `make test`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks import backtest, broken_plans, concurrent_writers, failing_stores, faulty_line, mutated_files
from benchmarks.backtesting.judging import judge, passing
from benchmarks.table import Row, print_table
from t4c_lib.progress.what_if import forecasts
from tests.samples import BACKTESTED, LINE_SEQUENCES

pytestmark = [pytest.mark.flow, pytest.mark.long]


def found(name: str, trial: Callable[[], list[Row]]) -> dict[str, str]:
    """The figures of a trial by what they are of; the table goes to the log."""
    rows = trial()
    print_table(name, rows)
    return {row.what: row.figure for row in rows}


@pytest.mark.parametrize("trial", [broken_plans, mutated_files])
def test_every_spoilt_file_is_read_whole_or_refused(trial: object) -> None:
    figures = found(trial.__name__, trial.trial)  # type: ignore[attr-defined]
    assert figures["anything else"] == "0"


@pytest.mark.parametrize("trial", [concurrent_writers, failing_stores])
def test_no_acknowledged_save_is_lost(trial: object) -> None:
    """A loss ends the trial; so does a database that could not be tried."""
    figures = found(trial.__name__, trial.trial)  # type: ignore[attr-defined]
    assert "not tried" not in figures.values()


def test_every_sequence_over_a_faulty_line_ends_equal() -> None:
    figures = found("faulty_line", faulty_line.trial)
    assert figures["In which field, words and store were equal at the end"] == str(LINE_SEQUENCES.whole)


def test_the_backtest_gives_the_verdicts_of_its_page_again() -> None:
    judged = judge(backtest.cases(BACKTESTED.whole, seed=backtest.WRITTEN_SEED))
    if BACKTESTED.is_reduced:
        assert judged  # of a few organisations no verdict is to be had
        return
    assert set(passing(judged)) == {measure for measure, forecast in forecasts().items() if forecast.has_held}

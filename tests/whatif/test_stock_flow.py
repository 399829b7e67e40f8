"""Models of declared stocks and flows: the published comparison model, its table, and refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from t4c_lib.errors import UnknownNameError
from t4c_lib.whatif import Flow, SettingError, StockFlow, StockFlowPath
from t4c_lib.whatif.values import Value
from t4c_lib.yaml_text import read_yaml

pytestmark = pytest.mark.unit

STOCKS = ("apprentices", "young", "older", "registered")


def comparison_model(organisations: int, scenarios: int, months: int) -> StockFlowPath:
    """The model of cases/stock_flow_benchmark.yaml, with as many organisations and scenarios as asked for."""
    flows = (
        Flow("start apprenticeship", amount=4 + 0.1 * np.arange(float(scenarios)), into="apprentices"),
        Flow("complete", share=1 / 18, out_of="apprentices", into="young"),
        Flow("join young", amount=5.0, into="young"),
        Flow("join older", amount=18.0, into="older"),
        Flow("leave young", share=0.015, out_of="young"),
        Flow("leave older", share=0.010, out_of="older"),
        Flow("age out", share=1 / 84, out_of="young", into="older"),
        Flow("progress", share=0.001, out_of="older", into="registered"),
    )
    older = 1000 + 10 * np.arange(float(organisations))[:, None]
    first: dict[str, Value] = {"apprentices": 40.0, "young": 120.0, "older": older, "registered": 0.0}
    return StockFlow(STOCKS, flows).run(first, months)


@pytest.mark.parametrize("check", ["check", "check_2"])
def test_the_comparison_model_gives_the_published_sum(shared: Path, check: str) -> None:
    name = "stock_flow_benchmark.yaml"
    case: Any = read_yaml((shared / "cases" / name).read_text(encoding="utf-8"), name).content
    expected = case[check]
    path = comparison_model(expected["organisations"], expected["scenarios"], case["steps"])
    young, older, registered = (path.stock(name)[-1] for name in STOCKS[1:])
    total = float((young / (young + older) + registered).sum())
    assert total == pytest.approx(expected["sum_of_both_outputs_at_step_60_over_all_runs"], rel=1e-9)


def test_the_table_has_a_row_for_each_organisation_scenario_and_month_and_a_column_for_each_stock() -> None:
    path = comparison_model(3, 2, 4)
    table = path.frame({"organisation": ["A", "B", "C"], "scenario": ["few", "many"]})
    assert list(table.columns) == ["organisation", "scenario", "month", *STOCKS]
    assert len(table) == 3 * 2 * 5
    row = table[(table["organisation"] == "C") & (table["scenario"] == "many") & (table["month"] == 4)]
    for name in STOCKS:
        assert row[name].item() == path.stock(name)[4, 2, 1]


def test_a_single_run_needs_no_labels() -> None:
    path = StockFlow(("staff",), (Flow("leave", share=0.1, out_of="staff"),)).run({"staff": 100.0}, 2)
    assert path.frame().to_dict("list") == {"month": [0, 1, 2], "staff": pytest.approx([100, 90, 81])}


def test_a_flow_may_follow_another_stock_than_the_one_it_leaves() -> None:
    flows = (Flow("recruit", share=0.5, of="recruiters", into="staff"), Flow("rest", amount=1.0, out_of="staff"))
    path = StockFlow(("recruiters", "staff"), flows).run({"recruiters": 4.0, "staff": 0.0}, 2)
    assert path.stock("staff").tolist() == [0, 1, 2]


def test_labels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(
        SettingError, match=r"labels don't fit: 2 for organisation, 2 for scenario, but the runs are 3 x 2"
    ):
        comparison_model(3, 2, 1).frame({"organisation": ["A", "B"], "scenario": ["few", "many"]})


def test_a_flow_of_a_stock_there_is_not_names_the_closest() -> None:
    with pytest.raises(UnknownNameError, match=r"There is no stock called 'yung'\. The closest: young"):
        StockFlow(STOCKS, (Flow("leave", share=0.1, out_of="yung"),))


def test_all_that_is_wrong_with_a_model_is_told_at_once() -> None:
    flows = (Flow("nowhere", amount=1.0), Flow("of nothing", share=0.1, into="young"))
    with pytest.raises(SettingError) as refused:
        StockFlow((*STOCKS, "young"), flows)
    assert str(refused.value) == (
        "there are two stocks called 'young'; flow 'nowhere' comes from no stock and goes into none; "
        "flow 'of nothing' has a share, but it is not said of which stock"
    )


def test_a_stock_without_a_first_value_is_refused() -> None:
    with pytest.raises(SettingError, match="there is no first value for 'older'"):
        StockFlow(STOCKS, ()).run({"apprentices": 1.0, "young": 1.0, "registered": 0.0})

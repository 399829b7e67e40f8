"""One picture of each kind, from small tables whose figures can be worked out by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pandas as pd
from charts_to_come import ActionSpan, certificate_curve, timeline, tornado, waterfall

from t4c_lib.charts import Picture, Scale, against_trajectory, age_profile, control_chart, fan, funnel, run_chart

GAP = float("nan")
RULES = "Rules: a profile with seven points for a trend or a shift and two of three near a limit; no outlier screened."


def months(first: str, count: int) -> list[pd.Timestamp]:
    return list(pd.date_range(first, periods=count, freq="ME"))


def figures(values: list[float], first: str = "2025-01-31", spread: float | None = 0.006) -> pd.DataFrame:
    days = months(first, len(values))
    table = pd.DataFrame({"day": days, "period": [f"{day:%B %Y}" for day in days], "value": values})
    known = GAP if spread is None else spread
    return table.assign(low=table["value"] - known, high=table["value"] + known)


def way(first: str = "2026-01-31", count: int = 13, start: float = 0.055, end: float = 0.08) -> pd.DataFrame:
    steps = [start + (end - start) * step / (count - 1) for step in range(count)]
    return pd.DataFrame({"day": months(first, count), "value": steps})


def band(first: str = "2026-01-31", count: int = 13) -> pd.DataFrame:
    middle = [0.055 + 0.0012 * step for step in range(count)]
    return pd.DataFrame(
        {
            "day": months(first, count),
            "low": [value - 0.0005 * step for step, value in enumerate(middle)],
            "middle": middle,
            "high": [value + 0.0006 * step for step, value in enumerate(middle)],
        }
    )


def a_course() -> Picture:
    return against_trajectory(
        figures([0.05, 0.051, GAP, 0.052, 0.054, 0.055]),
        way(),
        band(),
        scale=Scale(),
        measured="Share of staff aged 16 to 24",
        title="Behind",
        status="behind",
        chance=0.34,
        variation="improvement_high",
        assurance="inconsistent",
        note="The target is where the line ends.",
    )


def control_points(count: int = 20) -> pd.DataFrame:
    values = [0.05 + 0.002 * ((place * 7) % 5 - 2) for place in range(count)]
    values[3], values[9] = 0.08, GAP
    kinds = ["common_cause"] * count
    kinds[3], kinds[9] = "special_cause_concern", ""
    kinds[-2:] = ["special_cause_improvement"] * 2
    rules = {"common_cause": "Common Cause", "special_cause_concern": "Above UCL", "": ""}
    made = figures(values, "2024-01-31", None)
    return made.assign(
        mean=0.05,
        lower=0.04,
        upper=0.06,
        phase=0,
        special_cause=[rules.get(kind, "7 Points Below CL") for kind in kinds],
        point_type=kinds,
    )


def a_control_chart() -> Picture:
    return control_chart(
        control_points(),
        note=RULES,
        scale=Scale(decimals=2),
        measured="Sickness absence",
        title="Fewer days lost",
        target=0.045,
        variation="improvement_low",
        assurance="inconsistent",
    )


def a_run_chart() -> Picture:
    counts = figures([31, 33, 29, GAP, 35], "2025-01-31", None)
    return run_chart(
        counts,
        scale=Scale(is_fraction=False, things="starts"),
        measured="Apprenticeship starts a month",
        title="35 starts",
        target=40,
    )


def employers() -> pd.DataFrame:
    rows = [("Own", 120, 2000), ("Small", 9, 100), ("Large", 600, 12000), ("High", 400, 4000), ("Low", 100, 5000)]
    return pd.DataFrame(rows, columns=["name", "numerator", "denominator"])


def a_funnel() -> Picture:
    return funnel(employers(), own="Own", measured="Share of staff aged 16 to 24", base="people", title="Own is high")


def a_waterfall() -> Picture:
    levers = pd.DataFrame({"name": ["More placements", "Longer first year"], "amount": [0.004, -0.001]})
    names = ("If nothing changes", "With the plan")
    return waterfall(levers, start=0.05, scale=Scale(), measured="Share in March 2028", title="Up", names=names)


def a_tornado() -> Picture:
    rows = [("Completion", 0.060, 0.062, "60%", "80%"), ("Leavers under 25", 0.066, 0.055, "14% a year", "24% a year")]
    table = pd.DataFrame(rows, columns=["name", "low", "high", "low_text", "high_text"])
    return tornado(table, centre=0.061, scale=Scale(), measured="Share in March 2028", title="Leavers matter most")


def a_fan() -> Picture:
    others = {"If nothing changes": way(end=0.056)}
    goal = (pd.Timestamp("2027-01-31"), 0.08)
    return fan(band(), scale=Scale(), measured="Share", title="Short of it", others=others, goal=goal, chance=0.12)


def an_age_profile() -> Picture:
    ages = pd.DataFrame(
        {"label": ["16 to 24", "25 to 34"], "count": [60, 240], "share": [0.2, 0.8], "other": [0.3, GAP]}
    )
    return age_profile(ages, names=("All staff", "Local people"), measured="Share by age", title="One in five")


def a_timeline() -> Picture:
    day = dt.date
    actions = [
        ActionSpan("Review the ways in", "under way", day(2026, 5, 1), day(2026, 9, 30), "Head of Something"),
        ActionSpan("Train 25 ambassadors", "overdue", None, day(2026, 6, 30), "", "It was due on 30 June 2026."),
        ActionSpan("Courses before work", "not started", None, None),
    ]
    return timeline(actions, today=day(2026, 8, 1), title="One action is late")


def a_curve() -> Picture:
    weeks = pd.DataFrame({"week": list(range(27)), "share": [min(0.9, week * 0.05) for week in range(27)]})
    return certificate_curve(weeks, newcomers=40, title="60% in time")


PICTURES: dict[str, Callable[[], Picture]] = {
    "measure against trajectory": a_course,
    "XmR chart": a_control_chart,
    "run chart": a_run_chart,
    "funnel": a_funnel,
    "waterfall": a_waterfall,
    "tornado": a_tornado,
    "fan": a_fan,
    "age profile": an_age_profile,
    "action timeline": a_timeline,
    "Care Certificate curve": a_curve,
}

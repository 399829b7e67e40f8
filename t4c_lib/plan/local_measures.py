"""A measure of a plan's own, defined where the framework has none."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, model_validator

from t4c_lib.framework import Better, Measure, MeasureKind
from t4c_lib.plan.fields import FilledText, IntentionField, Row, Text, trimmed
from t4c_lib.plan.measures import Fault
from t4c_lib.pydantic_words import refused

DIVIDED = (MeasureKind.SHARE, MeasureKind.RATE)
WITHOUT_AMOUNT = {MeasureKind.EVIDENCE: "yes or no", MeasureKind.REVIEW: "reviews", MeasureKind.SHARE: "share"}


class LocalMeasure(Row):
    """What the catalogue says of a measure of the framework, said of one that the plan adds.

    Attributes:
        intention: number of the intention it belongs to.
        name: what is measured.
        kind: share, rate, count, evidence or review.
        better: higher, lower or closer.
        unit: of its values; needed for rates and counts ("placements a year").
        numerator: what is divided; needed for shares and rates.
        denominator: what it is divided by; needed for shares and rates.
        compare_with: whom a share should come closer to; needed where closer is better.
    """

    intention: IntentionField
    name: FilledText
    kind: Annotated[MeasureKind, BeforeValidator(trimmed)]
    better: Annotated[Better, BeforeValidator(trimmed)] = Better.HIGHER
    unit: Text = ""
    numerator: Text = ""
    denominator: Text = ""
    compare_with: Text = ""

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        divided, closer = self.kind in DIVIDED, self.better is Better.CLOSER
        fixed = WITHOUT_AMOUNT.get(self.kind)
        rules: tuple[tuple[bool, Fault], ...] = (
            (divided and not self.numerator, ("numerator", f"a {self.kind} needs its 'numerator'.")),
            (divided and not self.denominator, ("denominator", f"a {self.kind} needs its 'denominator'.")),
            (not divided and bool(self.numerator), ("numerator", f"{self.kind} has no numerator.")),
            (not divided and bool(self.denominator), ("denominator", f"{self.kind} has no denominator.")),
            (not self.unit and fixed is None, ("unit", f"a {self.kind} needs its 'unit', such as people a year.")),
            (
                bool(self.unit) and fixed is not None and self.unit != fixed,
                ("unit", f"the unit of {self.kind} is '{fixed}'. Leave the field out."),
            ),
            (closer and self.kind is not MeasureKind.SHARE, ("better", "only a share can come closer to another.")),
            (closer and not self.compare_with, ("compare_with", "closer is better, so say closer to whom.")),
            (not closer and bool(self.compare_with), ("compare_with", "this goes with 'closer' only.")),
        )
        faults = [fault for broken, fault in rules if broken]
        if faults:
            raise refused(" ".join(message for _, message in faults), faults)
        return self

    def measure(self, key: str) -> Measure:
        """As a measure like those of the framework."""
        return Measure(
            ref=str(self.intention),
            part=key,
            key=key,
            name=self.name,
            kind=self.kind,
            better=self.better,
            unit=self.unit or WITHOUT_AMOUNT[self.kind],
            numerator=self.numerator or None,
            denominator=self.denominator or None,
            compare_with=self.compare_with or None,
            series=key,
            source_of_data="the plan's own",
        )

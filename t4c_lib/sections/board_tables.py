"""The two tables that Board and report share: the ten intentions by status, and the summary of measures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from t4c_lib.framework import Intention, catalogue
from t4c_lib.framework.definitions import Strand
from t4c_lib.plan.partnership.agreement_status import AgreementState
from t4c_lib.progress import RowProgress, StatusWord
from t4c_lib.quantities import Part
from t4c_lib.sections.row_view import RowView

# The statuses of each group of the table of ten intentions, in the order of its columns.
GROUPS: Mapping[str, tuple[StatusWord, ...]] = {
    "Targets": (
        StatusWord.OFF_COURSE, StatusWord.BEHIND, StatusWord.ON_COURSE, StatusWord.AHEAD, StatusWord.MET,
        StatusWord.ABOVE_COMPARISON, StatusWord.REPORTED, StatusWord.BASELINE_ONLY, StatusWord.NO_FIGURE,
        StatusWord.NOT_JUDGED, StatusWord.TARGET_UNSET, StatusWord.BASELINE_MISSING, StatusWord.DATE_MISSING,
        StatusWord.NOT_POSSIBLE,
    ),
    "Evidence, reviews": (StatusWord.OVERDUE, StatusWord.DUE, StatusWord.IN_PLACE, StatusWord.ALREADY_IN_PLACE),
    "Actions": (StatusWord.OVERDUE,),
}  # fmt: skip
Counted = Mapping[tuple[str, StatusWord], int]  # rows by group and status


@dataclass(frozen=True, eq=False)
class RowsByStatus:
    """Rows of a plan counted by group and status, and by intention; what was left out is not counted."""

    rows: Sequence[RowProgress]

    @cached_property
    def views(self) -> list[RowView]:
        """The rows, but those left out."""
        return [RowView(one) for one in self.rows if one.status.word is not StatusWord.LEFT_OUT]

    @cached_property
    def whole(self) -> Counted:
        """How many have which status."""
        return Counter(cell for one in self.views for cell in _cells(one))

    @property
    def agreed(self) -> Part:
        """Of all rows, those agreed by both sides."""
        standings = (one.agreement for one in self.rows)
        return Part.of(one.state is AgreementState.AGREED for one in standings if one is not None)

    @cached_property
    def columns(self) -> dict[str, list[StatusWord]]:
        """By group, the statuses that occur."""
        return {name: [word for word in words if (name, word) in self.whole] for name, words in GROUPS.items()}

    @property
    def lines(self) -> list[tuple[Strand, list[tuple[Intention, "RowsByStatus"]]]]:
        """By strand, for each intention its own rows."""
        whole = catalogue()
        lines = [(each, [(one, self._of(one)) for one in whole.intentions_of(each.key)]) for each in whole.strands]
        return [(strand, mine) for strand, mine in lines if any(rows.rows for _, rows in mine)]

    def _of(self, intention: Intention) -> "RowsByStatus":
        return RowsByStatus([one for one in self.rows if one.intention_number == intention.number])


def _cells(one: RowView) -> tuple[tuple[str, StatusWord], ...]:
    """The cell of the table in which a row is counted; none for an action that isn't overdue."""
    group = "Actions" if one.progress.is_action else "Targets" if one.counts else "Evidence, reviews"
    word = one.progress.status.word
    return ((group, word),) if word in GROUPS[group] else ()


def most_urgent_first(views: Iterable[RowView]) -> list[RowView]:
    """Measures that count something, what most needs a decision first: by status, then by the target's chance."""
    words = GROUPS["Targets"]
    return sorted(views, key=lambda one: (words.index(one.progress.status.word), chance_of(one.progress)))


def chance_of(one: RowProgress) -> float:
    """The chance of its target, 0 to 1; 1 where it has none."""
    return 1.0 if one.chance is None else one.chance

"""The stocks of people, where each stands in the model's arrays, who is there at month 0, and today's flows.

A month's stocks are an array of 2 ages x 8 rows x batch. The order of the rows is chosen so that every event of a month
touches neighbouring rows: learners come first, the posts they go back to next, those they move up to one row further.
"""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from t4c_lib.errors import SettingError, UnknownNameError
from t4c_lib.whatif.rates import Array, Value

AGES = ("young", "older")
YOUNG, OLDER = 0, 1

# In learning, and the row each of them comes from and goes back to.
LEARNING = slice(0, 3)
IN_POST = slice(3, 6)
# Who completes an apprenticeship holds one level more; who completes a pathway is registered.
MOVED_UP = slice(4, 7)
APPRENTICES = slice(0, 2)
PATHWAY = 2
# Apprentices and people on a pathway are support staff; who has registered is not any more.
SUPPORT = slice(0, 6)
REGISTERED, REST = 6, 7
NOT_SUPPORT = slice(6, 8)
ROWS = 8

_ROW_NAMES = (
    *("apprentices_{age}_none", "apprentices_{age}_level_2", "pathway_{age}"),
    *("support_{age}_none", "support_{age}_level_2", "support_{age}_level_3", "registered_{age}", "rest_{age}"),
)

STOCKS: tuple[str, ...] = tuple(name.format(age=age) for age in AGES for name in _ROW_NAMES)

_ROWS_OF = {
    "support": SUPPORT,
    "trust": slice(0, ROWS),
    "apprentices": APPRENTICES,
    "pathway": slice(PATHWAY, PATHWAY + 1),
    "registered": slice(REGISTERED, REGISTERED + 1),
    "rest": slice(REST, REST + 1),
}
_AGES_OF = {"": slice(0, 2), "_young": slice(0, 1), "_older": slice(1, 2)}
# Sums that people ask for by name ("support", "support_young"): each with the ages and the rows it adds up.
SUMS = {f"{name}{age}": (ages, rows) for name, rows in _ROWS_OF.items() for age, ages in _AGES_OF.items()}


def place(name: str) -> tuple[slice, slice]:
    """Ages and rows of a stock or a sum of stocks. Raises UnknownNameError with the closest names."""
    if name in SUMS:
        return SUMS[name]
    if name in STOCKS:
        age, row = divmod(STOCKS.index(name), ROWS)
        return slice(age, age + 1), slice(row, row + 1)
    raise UnknownNameError("stock", name, (*SUMS, *STOCKS))


@dataclass(frozen=True)
class WorkforceState:
    """Stocks of people at month 0 and the flows of today; each a number, or an array over organisations.

    Support staff stand in one place each: as apprentices, on a pathway, or in post by their highest qualification
    ("level_3" is level 3 and above; people on a pathway hold it too). Who came to a registered role that way belongs to
    the trust's workforce, and no longer to support staff. Raises SettingError: a negative or endless number, or a share
    above 1; all of them at once.
    """

    # People at month 0.
    apprentices_young_none: Value = 0.0
    apprentices_young_level_2: Value = 0.0
    pathway_young: Value = 0.0
    support_young_none: Value = 0.0
    support_young_level_2: Value = 0.0
    support_young_level_3: Value = 0.0
    registered_young: Value = 0.0
    rest_young: Value = 0.0
    apprentices_older_none: Value = 0.0
    apprentices_older_level_2: Value = 0.0
    pathway_older: Value = 0.0
    support_older_none: Value = 0.0
    support_older_level_2: Value = 0.0
    support_older_level_3: Value = 0.0
    registered_older: Value = 0.0
    rest_older: Value = 0.0
    join_support_young: Value = 0.0  #: joiners a month; likewise the next three
    join_support_older: Value = 0.0
    join_rest_young: Value = 0.0
    join_rest_older: Value = 0.0
    apprenticeship_starts: Value = 0.0  #: people in post who start an apprenticeship, a month
    pathway_starts: Value = 0.0  #: people in post who start a registered pathway, a month
    #: support staff who moved into a registered role, a month of the last year; NaN where not counted. Where they were,
    #: the people on a pathway and their starts follow from them: as many as it takes, given how many leave on the way
    #: (see `inputs`).
    moves_into_registered: Value = np.nan
    #: people on a pathway as counted where moves were counted too; NaN where not. They say where the measure begins,
    #: and nothing of the moves.
    on_pathway: Value = np.nan
    left_support: Value = np.nan  #: support staff who left, a month of the last year; NaN where not counted
    support_a_year_ago: Value = np.nan  #: support staff 12 months before month 0; NaN where not counted
    survey_respondents: Value = np.nan  #: support staff who answered the staff survey; NaN where not counted
    #: newcomers of a year who were to have the Care Certificate within 84 days; NaN where not counted.
    newcomers_to_care: Value = np.nan
    apprentice_joiner_share: Value = 0.0  #: share of support joiners who join as apprentices, 0 to 1
    placements: Value = 0.0  #: work experience placements a year
    pre_employment_courses: Value = 0.0  #: courses a year
    ambassadors: Value = 0.0  #: active ambassadors, people
    #: whether apprentices were counted; where not, they follow from their starts, likewise.
    apprentices_are_counted: Value = True

    def __post_init__(self) -> None:
        problems = []
        for field in fields(self):
            default = getattr(type(self), field.name)
            if isinstance(default, bool):
                continue
            values = np.asarray(getattr(self, field.name), dtype=np.float64)
            is_share = field.name == "apprentice_joiner_share"
            fits = (values >= 0) & (values <= (1 if is_share else np.inf)) & np.isfinite(values)
            wrong = values[~(fits | (np.isnan(values) & np.isnan(default)))]
            if wrong.size:
                what = "a fraction from 0 to 1" if is_share else "a number, 0 or more"
                problems.append(f"{field.name.replace('_', ' ')} is {what}, not {wrong.flat[0]:g}")
        SettingError.refuse(problems)

    def is_known(self, name: str) -> bool:
        """Whether a figure of the last year was counted, for every organisation."""
        return not np.any(np.isnan(getattr(self, name)))

    @cached_property
    def batch(self) -> tuple[int, ...]:
        """The shape to which all parts broadcast; () when all are single numbers."""
        return np.broadcast_shapes(*(np.shape(getattr(self, field.name)) for field in fields(self)))

    def array(self, batch: tuple[int, ...]) -> Array:
        """The stocks as 2 ages x 8 rows x batch, the batch flattened."""
        size = int(np.prod(batch, dtype=np.int64))
        stocks = np.empty((len(STOCKS), size))
        for row, name in zip(stocks, STOCKS, strict=True):
            value = getattr(self, name)
            row[:] = value if np.ndim(value) == 0 else np.broadcast_to(value, batch).reshape(size)
        return stocks.reshape(len(AGES), ROWS, size)

    def total(self, name: str) -> Value:
        """People in a stock or in a sum of stocks ("support", "trust_young", ...)."""
        ages, rows = SUMS[name]
        chosen = [age * ROWS + row for age in range(2)[ages] for row in range(ROWS)[rows]]
        return sum((getattr(self, STOCKS[place]) for place in chosen), 0.0)

    @property
    def support(self) -> Value:
        """Support staff, learners included."""
        return self.total("support")

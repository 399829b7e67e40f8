"""Which stocks of people there are, and where each stands in the engine's arrays.

A month's stocks are an array of 2 ages x 8 rows x batch. The order of the rows is chosen so that every event of a month
touches neighbouring rows: learners come first, the posts they go back to next, those they move up to one row further.
"""

from __future__ import annotations

from t4c_lib.errors import UnknownNameError

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
    "apprentices_{age}_none",
    "apprentices_{age}_level_2",
    "pathway_{age}",
    "support_{age}_none",
    "support_{age}_level_2",
    "support_{age}_level_3",
    "registered_{age}",
    "rest_{age}",
)

STOCKS: tuple[str, ...] = tuple(name.format(age=age) for age in AGES for name in _ROW_NAMES)

ROWS_OF: dict[str, slice] = {
    "support": SUPPORT,
    "trust": slice(0, ROWS),
    "apprentices": APPRENTICES,
    "pathway": slice(PATHWAY, PATHWAY + 1),
    "registered": slice(REGISTERED, REGISTERED + 1),
    "rest": slice(REST, REST + 1),
}

# Sums that people ask for by name: each with the ages and the rows it adds up.
SUMS: dict[str, tuple[slice, slice]] = {}
for _name in ("support", "trust", "apprentices", "pathway", "registered", "rest"):
    SUMS[_name] = (slice(0, 2), ROWS_OF[_name])
    for _age, _label in enumerate(AGES):
        SUMS.setdefault(f"{_name}_{_label}", (slice(_age, _age + 1), ROWS_OF[_name]))


def place(name: str) -> tuple[slice, slice]:
    """Ages and rows of a stock or a sum of stocks. Raises UnknownNameError with the closest names."""
    if name in SUMS:
        return SUMS[name]
    if name in STOCKS:
        age, row = divmod(STOCKS.index(name), ROWS)
        return slice(age, age + 1), slice(row, row + 1)
    raise UnknownNameError("stock", name, (*SUMS, *STOCKS))

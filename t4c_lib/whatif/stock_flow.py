"""Stocks and flows as somebody declares them: the plain form of a model, on the same stepping as the pipeline.

Every flow of a month is worked out from the stocks at its start, so the order in which flows are declared does not
matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from t4c_lib.errors import UnknownNameError
from t4c_lib.whatif.answer import SettingError
from t4c_lib.whatif.stepping import march, wide
from t4c_lib.whatif.values import Array, Value


@dataclass(frozen=True, eq=False)
class Flow:
    """People who move in a month: `amount` + `share` x the stock `of`.

    Attributes:
        name: what it is called.
        amount: people a month, whatever the stocks are.
        share: people a month for each person in the stock `of`.
        of: the stock that `share` refers to; `out_of` where it is left empty.
        out_of: the stock they leave; empty if they come from outside.
        into: the stock they enter; empty if they go outside.
    """

    name: str
    amount: Value = 0.0
    share: Value = 0.0
    of: str = ""
    out_of: str = ""
    into: str = ""


@dataclass(frozen=True, eq=False)
class StockFlow:
    """A model of declared stocks and flows, linear in the stocks. It does what it is told: no stock is kept above 0.

    Attributes:
        stocks: their names.
        flows: what moves between them.

    Raises:
        UnknownNameError: a flow names a stock there is not.
        SettingError: two stocks of one name, or flows that lead from nowhere to nowhere or have a share of no stock.
    """

    stocks: tuple[str, ...]
    flows: tuple[Flow, ...]

    def __post_init__(self) -> None:
        problems = [f"there are two stocks called '{name}'" for name in _repeated(self.stocks)]
        for flow in self.flows:
            for name in (flow.of, flow.out_of, flow.into):
                if name and name not in self.stocks:
                    raise UnknownNameError("stock", name, self.stocks)
            if not (flow.out_of or flow.into):
                problems.append(f"flow '{flow.name}' comes from no stock and goes into none")
            if np.any(flow.share) and not (flow.of or flow.out_of):
                problems.append(f"flow '{flow.name}' has a share, but it is not said of which stock")
        if problems:
            raise SettingError(problems)

    def run(self, first: Mapping[str, Value], months: int = 60) -> StockFlowPath:
        """The stocks from month 0 to `months`, both included.

        Args:
            first: every stock at month 0: numbers or arrays, broadcast against each other and the flows.
            months: whole months, 0 or more.

        Raises:
            SettingError: a stock without a first value, or months that can't be.
        """
        missing = [name for name in self.stocks if name not in first]
        if missing:
            raise SettingError([f"there is no first value for '{name}'" for name in missing])
        values = [*first.values(), *(part for flow in self.flows for part in (flow.amount, flow.share))]
        batch = np.broadcast_shapes(*(np.shape(value) for value in values))
        size = int(np.prod(batch, dtype=np.int64))

        def flat(value: Value) -> Array:
            array = np.asarray(value, dtype=np.float64)
            return array.reshape(1) if array.ndim == 0 else np.broadcast_to(array, batch).reshape(-1)

        start = np.empty((len(self.stocks), size))
        for row, name in zip(start, self.stocks, strict=True):
            row[:] = flat(first[name])
        stay, moving, added = self._coefficients(flat)

        def step(before: Array, after: Array, month: int) -> None:  # noqa: ARG001  (every month is alike)
            np.multiply(before, stay, out=after)
            for into, of, share in moving:
                after[into] += before[of] * share
            for into, people in added:
                after[into] += people

        return StockFlowPath(self.stocks, batch, march(start, months, step))

    def _coefficients(
        self, flat: Callable[[Value], Array]
    ) -> tuple[Array, list[tuple[int, int, Array]], list[tuple[int, Array]]]:
        """The flows put together: what stays of each stock, what each gains from another, and what is added anyway."""
        shares: dict[tuple[int, int], Array] = {}
        amounts: dict[int, Array] = {}
        for flow in self.flows:
            for name, sign in ((flow.out_of, -1.0), (flow.into, 1.0)):
                if not name:
                    continue
                row = self.stocks.index(name)
                if np.any(flow.share):
                    place = row, self.stocks.index(flow.of or flow.out_of)
                    shares[place] = shares.get(place, np.zeros(1)) + sign * flat(flow.share)
                if np.any(flow.amount):
                    amounts[row] = amounts.get(row, np.zeros(1)) + sign * flat(flow.amount)
        own = [1 + shares.pop((row, row), np.zeros(1)) for row in range(len(self.stocks))]
        stay = np.stack(np.broadcast_arrays(*own))
        return stay, [(*place, share) for place, share in shares.items()], list(amounts.items())


@dataclass(frozen=True, eq=False)
class StockFlowPath:
    """What a model of declared stocks and flows gives.

    Attributes:
        stocks: their names.
        batch: shape of the batch; () for a single run.
        path: months + 1 x stocks x flattened batch.
    """

    stocks: tuple[str, ...]
    batch: tuple[int, ...]
    path: Array

    def stock(self, name: str) -> Array:
        """A stock month by month: (months + 1, *batch). Raises UnknownNameError."""
        if name not in self.stocks:
            raise UnknownNameError("stock", name, self.stocks)
        return self.path[:, self.stocks.index(name)].reshape(len(self.path), *self.batch)

    def frame(self, labels: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
        """A row for each member of the batch and month: a column for each axis of the batch, month, one for each stock.

        Args:
            labels: name of each axis of the batch -> the names along it, such as organisation and scenario.

        Raises:
            SettingError: the labels do not fit the batch.
        """
        return wide(self.path, self.stocks, self.batch, labels)


def _repeated(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})

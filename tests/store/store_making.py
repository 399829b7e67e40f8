"""Small evidence and plans for the store's tests."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import math
import os
from collections.abc import Callable
from typing import Any

import pandas as pd
from sqlalchemy import URL, create_engine, text

from t4c_lib.evidence import OBSERVATION_COLUMNS, Loaded, Organisation, SourceFile
from t4c_lib.plan import MeasureRow, Plan, Target
from t4c_lib.plan.partnership.authorised_signatories import AuthorisedSignatories
from t4c_lib.store import Store
from tests.plan.plan_making import with_target

Row = tuple[Any, ...]
Databases = Callable[[], str]  # makes a database and gives its URL
NUMBERS = itertools.count(1)


def database_on(server: URL, template: str = "template1") -> str:
    """Make a database on the server, empty or a copy of another one there, and give its URL."""
    name = f"store_{os.getpid()}_{next(NUMBERS)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def figure(organisation: str, period: str, numerator: float, **other: Any) -> Row:
    """One observation: so many of a hundred."""
    row = {
        "organisation": organisation,
        "series": "sickness",
        "population": "trust workforce",
        "breakdown": "all",
        "period": period,
        "numerator": numerator,
        "denominator": 100.0,
        "value": numerator / 100,
        "state": "counted",
        "unit": "share",
        **other,
    }
    return tuple(row[name] for name in OBSERVATION_COLUMNS)


def hidden(organisation: str, period: str) -> Row:
    """An observation that was suppressed: no number in it is known."""
    return figure(organisation, period, math.nan, denominator=math.nan, value=math.nan, state="suppressed")


def table(*rows: Row) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(OBSERVATION_COLUMNS))


def loaded(name: str, *rows: Row, organisations: tuple[Organisation, ...] = (), **source: Any) -> Loaded:
    """A file that gave these rows. Files of the same name are the same file."""
    said: dict[str, Any] = {
        "name": f"{name}.csv",
        "digest": hashlib.sha256(name.encode()).hexdigest(),
        "publication": "test",
        "reader_version": 1,
        "rows": len(rows),
        "extract_date": dt.date(2026, 5, 1),
        "attribution": "",
        **source,
    }
    return Loaded(SourceFile(**said), organisations, table(*rows))


def target(measure: str = "young-share", amount: float = 0.02, **other: Any) -> Target:
    fields: dict[str, Any] = {
        "measure": measure,
        "baseline": {"numerator": 171, "denominator": 3000, "period": "2026-03", "source": "staff extract"},
        "change": {"kind": "points", "amount": amount},
        "due": "2027-03",
        **other,
    }
    made = MeasureRow.of(**fields).target
    assert made is not None
    return made


def plan(*targets: Target, organisation: str = "X01") -> Plan:
    made = Plan(organisation=organisation, organisation_name="Example Trust", years=("2026/27",))
    for one in targets:
        made = with_target(made, one)
    return made.changed(measures=tuple(row.changed(post="head of people") for row in made.measures))


def name_signatories(store: Store, code: str, listed: AuthorisedSignatories) -> None:
    """The list of signatories, proposed for management side and confirmed for staff side, each by the first listed."""
    for side in ("management", "staff"):
        first = next(one for one in listed.speakers if one.side == side)
        by, role = first.name or "Whoever", "" if first.name else first.role
        store.agreements.name_signatories(code, listed, by=by, side=side, role=role)

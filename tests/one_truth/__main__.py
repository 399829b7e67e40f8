"""`python -m tests.one_truth [CODE...]`: what is said of organisations, how much was compared, what differs."""

from __future__ import annotations

import datetime as dt
import sys

from t4c_lib.store import Store
from tests.one_truth.gather import gather, summary
from tests.one_truth.statements import differences


def main() -> None:
    """Gather, and list every difference."""
    today = dt.datetime.now(dt.UTC).date()
    with Store.open() as store:
        codes = sys.argv[1:] or [one.code for one in store.organisations()]
        gathered = [gather(store, code, today) for code in codes]
    print(summary(gathered))
    for one in differences(statement for some in gathered for statement in some.statements):
        print(f"- {one}")


main()

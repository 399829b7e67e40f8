"""A list of people with one of each role, and signing in as one of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from t4c_lib.store.people import SignedIn, acting_as, signed_in

LOGINS = {
    "facilitator": "Fay Facilitator",
    "partner": "Pat Partner",
    "signatory": "Sam Signatory",
    "analyst": "Ann Analyst",
    "board-reader": "Bo Reader",
    "auditor": "Au Auditor",
    "administrator": "Ad Min",
}
SIDED = ("partner", "signatory")
MACHINE = signed_in().login  # the account under which the tests run


def everybody() -> str:
    """A list with one person of each role, those of a side on staff side, and the account of this machine."""
    lines = ["people:", f"  - {{login: {MACHINE}, name: The Machine, roles: [administrator]}}"]
    for login, name in LOGINS.items():
        side = ", side: staff" if login in SIDED else ""
        lines.append(f"  - {{login: {login}, name: {name}, roles: [{login}]{side}}}")
    lines += ["groups:", "  t4c-board: {roles: [board-reader]}"]
    return "\n".join(lines)


@contextmanager
def signed(login: str, *groups: str) -> Iterator[str]:
    """Act as somebody of that list, or as a stranger; gives the name."""
    with acting_as(SignedIn(login, groups, by_server=True)):
        yield LOGINS.get(login, login)

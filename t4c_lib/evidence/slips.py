"""What is said of what is wrong in files (messages.yaml), and of slips: what is found where something else belongs."""

import re
from functools import cache

from pydantic import BaseModel, RootModel

from t4c_lib.errors import InputError
from t4c_lib.validation_messages import read_shipped


class Slip(BaseModel, frozen=True, extra="forbid"):
    """One kind of slip: what it looks like, what it is called in messages, and how to put it right."""

    pattern: str
    what: str = ""
    hint: str = ""
    named: str = ""  #: for a file: what its name must hold besides


_slips = cache(lambda: read_shipped(RootModel[dict[str, tuple[Slip, ...]]], __package__, "slips.yaml").root)
_messages = cache(lambda: read_shipped(RootModel[dict[str, tuple[str, str]]], __package__, "messages.yaml").root)


def slips(wanted: str) -> tuple[Slip, ...]:
    """The slips known in the place of what was wanted, in the order in which they are looked for."""
    return _slips()[wanted]


def said(what: str, **found: object) -> tuple[str, str]:
    """Message and hint on what is wrong, as messages.yaml has them; with what was found, if that is given."""
    message, hint = _messages()[what]
    return (message.format(**found) if found else message), hint


def refusal(source: str, what: str, place: str = "", **found: object) -> InputError:
    """The refusal of a whole file for one thing that is wrong with it; see `said`."""
    return InputError.of(source, *said(what, **found), place=place)


def slip_hint(wanted: str, text: str) -> str:
    """What to do with a text that stands in the place of what was wanted; "" for no known slip."""
    return next((one.hint for one in slips(wanted) if re.fullmatch(one.pattern, text, re.DOTALL | re.IGNORECASE)), "")

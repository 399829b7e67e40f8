"""The local authorities that an organisation serves: with whose residents its workforce is compared."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import PlainValidator

from t4c_lib.errors import Problem, UnknownNameError, refuse
from t4c_lib.plan.row_fields import Row, trimmed
from t4c_lib.quantities import number
from t4c_lib.typed_text import AUTHORITY_CODE
from t4c_lib.validation_messages import in_words, refuse_parts, refused

MOST_WEIGHT = 1e9  # more than a country has people


class LocalAuthority(Row):
    """A local authority that an organisation serves. Its residents are whom the workforce is compared with."""

    code: str  #: by which the Office for National Statistics knows it: E06000047
    #: how much it counts against the others, on any scale; None where each counts by its residents.
    weight: float | None = None

    def __str__(self) -> str:
        return self.code if self.weight is None else f"{self.code} (weight {number(self.weight, 6)})"


def _authorities(value: object) -> tuple[LocalAuthority, ...]:
    if isinstance(value, Mapping):
        entries: list[tuple[Any, ...]] = [(code, trimmed(code), weight) for code, weight in value.items()]
    elif isinstance(value, list | tuple):
        pairs = [(one.code, one.weight) if isinstance(one, LocalAuthority) else (trimmed(one), None) for one in value]
        entries = [(place, *pair) for place, pair in enumerate(pairs)]
    else:
        words = "a list of codes such as [E06000047], or codes with their weights such as {E06000047: 3}"
        raise refused(f"{words}, belongs here, not {in_words(value)}.")
    refuse_parts(list(_authority_faults(entries, {})))
    return _by_code(entries)


def _by_code(entries: Iterable[tuple[Any, ...]]) -> tuple[LocalAuthority, ...]:
    """In the order of their codes: in which order somebody wrote them means nothing."""
    return tuple(LocalAuthority(code=code, weight=weight) for code, weight in sorted(entry[1:] for entry in entries))


def _authority_faults(entries: Sequence[tuple[Any, ...]], names: Mapping[str, str]) -> Iterator[tuple[str | int, str]]:
    """The place of each entry (place, code, weight) that can't be, and what is wrong with it."""
    weighted, seen = any(weight is not None for _, _, weight in entries), list[object]()
    for place, code, weight in entries:
        if names and code not in names:
            yield place, str(UnknownNameError("local authority", code, [*names.values(), *names]))
        elif not (isinstance(code, str) and re.fullmatch(AUTHORITY_CODE, code)):
            yield place, f"{in_words(code)} is not the code of a local authority. Write it as E06000047."
        elif code in seen:
            yield place, f"{names.get(code, code)} is given twice. Give each local authority once."
        elif weighted and weight is None:
            called = names.get(code, code)
            yield place, f"{called} has no weight, though others have. Give a weight to all, or to none."
        elif weighted and not (type(weight) in (int, float) and 0 < weight <= MOST_WEIGHT):
            words = f"is a number above 0, up to a billion, not {in_words(weight)}."
            yield place, f"the weight of {names.get(code, code)} {words}"
        seen.append(code)


def served_authorities(typed: Iterable[tuple[str, str]], names: Mapping[str, str]) -> tuple[LocalAuthority, ...]:
    """Local authorities as somebody typed them: code or name of each, capitals ignored, and its weight or nothing.

    Names are of those that are known, by code; where none are, a code is taken as it is. Raises InputError with every
    problem.
    """
    called = {text.casefold(): code for code, name in names.items() for text in (code, name)}
    entries = [("", called.get(text.strip().casefold(), text.strip()), _weight(weight)) for text, weight in typed]
    refuse("local authorities", [Problem("", words) for _, words in _authority_faults(entries, names)])
    return _by_code(entries)


def _weight(text: str) -> object:
    try:
        return float(text) if text.strip() else None
    except ValueError:
        return text


LocalAuthorities = Annotated[
    tuple[LocalAuthority, ...], PlainValidator(_authorities, json_schema_input_type=list[str] | dict[str, float])
]

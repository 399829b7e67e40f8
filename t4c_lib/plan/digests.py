"""Digests: one SHA-256 over a canonical form, so that the same content has the same digest wherever it was typed.

The canonical form is JSON with the listed fields in their listed order, text in Unicode form NFC with the blanks at
both ends cut off, and numbers as plain decimal texts. Each kind of digest carries its own name and version in what is
hashed: a row and a document never collide, and a later form never passes for an earlier one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from t4c_lib.typed_text import canonical_text


def decimal_text(number: float) -> str:
    """A number as the shortest plain decimal that reads back as the same float: 0.02, 3050, -12.5; never 2e-05."""
    exact = Decimal(repr(float(number)))
    if not exact:
        return "0"
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def digest_of(kind: str, fields: Mapping[str, object]) -> str:
    """SHA-256, hexadecimal, of the canonical form of the fields in the order in which they are given.

    Args:
        kind: what is hashed and the version of its form, such as "target 1".
        fields: texts, numbers, None, and mappings or sequences of these. Anything else is taken by its text.
    """
    form = json.dumps([kind, _canonical(fields)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(form.encode()).hexdigest()


def _canonical(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return canonical_text(value)
    if isinstance(value, int | float):
        return decimal_text(value)
    if isinstance(value, Mapping):
        return {str(key): _canonical(part) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [_canonical(part) for part in value]
    return canonical_text(str(value))

"""`t4c evidence local`: which authorities count how much, and what is wrong with what was typed."""

from __future__ import annotations

import pytest

from t4c_lib.cli.evidence import _weights
from t4c_lib.errors import InputError

pytestmark = pytest.mark.unit

CALLED = {"leeds": "E08000035", "bradford": "E08000032"}


def test_authorities_go_by_code_or_name_with_weights_or_without() -> None:
    assert _weights(["leeds=3", "E08000032=1"], CALLED) == (
        ["E08000035", "E08000032"],
        {"E08000035": 3.0, "E08000032": 1.0},
    )
    assert _weights(["Leeds", "Bradford"], CALLED) == (["E08000035", "E08000032"], {})


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["Leeds=x"], "E08000035: 'x' is not a weight. Write it like Leeds=3."),
        (["Leeds", "leeds"], "E08000035: is given twice."),
        (["Leeds=1", "Bradford"], "E08000032: has no weight, though others have."),
    ],
)
def test_what_is_wrong_with_them_is_told(typed: list[str], words: str) -> None:
    with pytest.raises(InputError) as caught:
        _weights(typed, CALLED)
    assert words in str(caught.value)

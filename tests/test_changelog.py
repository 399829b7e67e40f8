"""The changelog goes by version: the newest is the project's own, and only that may wait for its day."""

from __future__ import annotations

import datetime as dt
import re
import tomllib

import pytest

from tests.served import ROOT

WAITS = "not released yet"
pytestmark = pytest.mark.unit


def versions(text: str) -> list[tuple[tuple[int, ...], str]]:
    """Number and day of each version, as the headings have them."""
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    parts = [re.fullmatch(r"(\d+\.\d+\.\d+) - (.+)", one) for one in headings]
    assert all(parts), headings
    return [(tuple(map(int, one[1].split("."))), one[2]) for one in parts if one]


def test_the_changelog_goes_by_version_and_the_newest_is_the_projects_own() -> None:
    found = versions((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert ".".join(map(str, found[0][0])) == own
    assert [number for number, _ in found] == sorted({number for number, _ in found}, reverse=True)
    days = [dt.date.fromisoformat(day) for place, (_, day) in enumerate(found) if place or day != WAITS]
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("text", ["## Unreleased\n", "## 1.0 - 2026-01-01\n", "## 1.0.0\n"])
def test_a_heading_without_version_and_day_is_found(text: str) -> None:
    with pytest.raises(AssertionError):
        versions(text)

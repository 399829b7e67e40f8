"""Which notebooks are pages, and what is said of those that can't be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from t4c_lib.errors import InputError
from t4c_lib.serving import find_pages, serve

pytestmark = pytest.mark.unit


def write(file: Path, *, tags: tuple[str, ...] = (), **metadata: Any) -> None:
    cell = {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": "", "outputs": []}
    file.write_text(json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}))


def test_a_page_is_a_notebook_with_a_title_and_they_are_listed_in_their_order(tmp_path: Path) -> None:
    write(tmp_path / "what_if.ipynb", title="What if", t4c={"order": 20, "summary": "Levers side by side."})
    write(tmp_path / "forum.ipynb", title="Forum", t4c={"order": 10})
    write(tmp_path / "last.ipynb", title="Without an order")
    write(tmp_path / "scratch.ipynb")
    pages = find_pages(tmp_path)
    assert [page.name for page in pages] == ["forum", "what_if", "last"]
    assert pages[1].summary == "Levers side by side."
    assert pages[0].notebook == tmp_path / "forum.ipynb"


def test_a_report_is_no_page(tmp_path: Path) -> None:
    write(tmp_path / "trust_report.ipynb", tags=("parameters",), title="Report")
    assert find_pages(tmp_path) == ()


def test_folders_inside_are_not_searched(tmp_path: Path) -> None:
    (tmp_path / ".ipynb_checkpoints").mkdir()
    write(tmp_path / ".ipynb_checkpoints" / "forum-checkpoint.ipynb", title="An old forum")
    assert find_pages(tmp_path) == ()


def test_every_notebook_that_cannot_be_served_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "listed.ipynb").write_text("[]")
    (tmp_path / "half.ipynb").write_text('{"cells": [3], "metadata": {}}')
    (tmp_path / "not_text.ipynb").write_bytes(b"\xff\xfe\x00")
    write(tmp_path / "My page.ipynb", title="A name with a space")
    write(tmp_path / "order.ipynb", title="An order that is no number", t4c={"order": "first"})
    with pytest.raises(InputError) as caught:
        find_pages(tmp_path)
    text = str(caught.value)
    assert "6 problems" in text
    assert "broken.ipynb: This is not a notebook, or it was damaged when it was saved." in text
    assert "My page.ipynb: A page's name may have small letters, digits and underscores only" in text
    assert "order.ipynb: The page's place in the list (t4c.order) is 'first'; it must be a number." in text


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no such folder of notebooks"):
        find_pages(tmp_path / "nowhere")


def test_serving_a_folder_without_pages_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No notebook here is a page: a page has a title in its metadata"):
        serve(tmp_path)

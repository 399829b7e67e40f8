"""Coming in from beyond this machine: the token is asked for once, by address or typed, and nothing shows without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.served import Served, write_page

pytestmark = pytest.mark.browser
CODE = "import ipywidgets as w\nw.Text(description='People', value='3')"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("notebooks")
    write_page(folder / "hello.ipynb", "Hello", "# Hello", CODE)
    server = Served(folder, host="0.0.0.0")
    yield server
    server.stop()


@pytest.fixture
def address(room: Served) -> str:
    """As the tests' browser, which asks nothing beyond this machine, has to call it."""
    return f"http://127.0.0.1:{urlsplit(room.address).port}/hello"


def test_the_token_is_typed_once(
    page: Page, room: Served, address: str, axe: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    page.goto(f"{address}?organisation=X")
    expect(page.get_by_role("heading", name="This workbook needs its token")).to_be_visible()
    for width in (1366, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert axe(page) == []
    page.get_by_label("Token").fill("not the token")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="That isn't the token")).to_be_visible()
    page.get_by_label("Token").fill(room.token)
    page.get_by_role("button", name="Open the workbook").click()
    expect(page.get_by_label("People")).to_be_visible()
    assert page.url == f"{address}?organisation=X"
    page.goto(address)
    expect(page.get_by_label("People")).to_be_visible()


def test_the_whole_address_leads_straight_in_and_the_token_leaves_it(page: Page, room: Served, address: str) -> None:
    page.goto(f"{address}?token={room.token}")
    expect(page.get_by_label("People")).to_have_value("3")
    assert page.url == address
    assert room.token not in page.content()

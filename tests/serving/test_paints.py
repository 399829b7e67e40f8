"""Pages are kept and sent at once: no kernel is started for them, and they hold until something of theirs is saved."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from t4c_lib.serving.paints import Made, Paints, Saves
from t4c_lib.store import Store
from tests.served import Served
from tests.serving.asking import Answer, ask, own_origin

pytestmark = pytest.mark.flow
PAGE = "/forum?organisation="


@pytest.fixture(scope="module")
def own_file(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(demonstration, tmp_path_factory.mktemp("paints") / "store.sqlite"))


@pytest.fixture(scope="module")
def painting(own_file: Path) -> Iterator[Served]:
    server = Served(database=f"sqlite:///{own_file}", settings={"T4C_PAINT_FIRST": "1"})
    yield server
    server.stop()


def is_paint(answer: Answer) -> bool:
    return answer.status == 200 and ' data-kernel=""' in answer.text


def painted(server: Served, address: str) -> Answer:
    """The paint of a page, made first if need be."""
    ask(server, address)
    answer = ask(server, address)
    assert is_paint(answer)
    return answer


def save_again(file: Path, code: str) -> None:
    with Store.open(file) as store:
        latest = store.latest_plan(code)
        assert latest is not None
        target = latest.plan.targets[0]
        less = replace(target.change, amount=round(target.change.amount * 0.9, 4))
        changed = latest.plan.with_target(replace(target, change=less))
        store.save_plan(changed, by="Ada Example", side="management", parent_revision=latest.revision)


def test_a_kept_page_is_whole_and_starts_no_kernel(painting: Served) -> None:
    first = ask(painting, f"{PAGE}DEMO-AC")
    assert not is_paint(first)
    before = {one.pid for one in painting.kernels()}
    answer = ask(painting, f"{PAGE}DEMO-AC")
    assert is_paint(answer)
    assert {one.pid for one in painting.kernels()} <= before
    assert "How many percentage points" in answer.text
    assert "t4c-booting" not in answer.text
    assert 'type="application/json"' not in answer.text


def test_a_browser_that_has_it_is_told_so(painting: Served) -> None:
    answer = painted(painting, f"{PAGE}DEMO-AC")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = ask(painting, f"{PAGE}DEMO-AC", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status, again.text) == (304, "")
    other = ask(painting, f"{PAGE}DEMO-AC", headers={"If-None-Match": '"another"'})
    assert is_paint(other)


def test_a_save_renews_its_own_organisations_pages_and_no_others(painting: Served, own_file: Path) -> None:
    for code in ("DEMO-AC", "DEMO-CO"):
        painted(painting, f"{PAGE}{code}")
    save_again(own_file, "DEMO-AC")
    assert is_paint(ask(painting, f"{PAGE}DEMO-CO"))
    assert not is_paint(ask(painting, f"{PAGE}DEMO-AC"))
    assert "saved" in painted(painting, f"{PAGE}DEMO-AC").text


def test_another_audience_has_a_paint_of_its_own(painting: Served) -> None:
    inside = painted(painting, f"{PAGE}DEMO-AC")
    published = painted(painting, f"{PAGE}DEMO-AC&audience=published")
    assert inside.text != published.text


def test_an_address_with_a_fault_is_not_kept(painting: Served) -> None:
    for _ in range(2):
        assert not is_paint(ask(painting, f"{PAGE}DEMO-AC&colour=red"))


def test_thirty_at_once_get_the_whole_page(painting: Served) -> None:
    whole = painted(painting, f"{PAGE}DEMO-AC").text
    before = {one.pid for one in painting.kernels()}
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda _: ask(painting, f"{PAGE}DEMO-AC"), range(30)))
    assert {answer.text for answer in answers} == {whole}
    assert {one.pid for one in painting.kernels()} <= before


def test_another_site_can_ask_for_no_kernel(painting: Served) -> None:
    refused = ask(painting, f"{PAGE}DEMO-AC", "POST", {"Origin": "https://elsewhere.example"}, b"")
    assert refused.status == 403
    no_word = ask(painting, f"{PAGE}DEMO-AC", "POST", {"Origin": own_origin(painting)}, b"")
    assert no_word.status == 403


def test_without_the_token_there_is_no_paint(own_file: Path) -> None:
    server = Served(
        database=f"sqlite:///{own_file}",
        settings={"T4C_TOKEN": "three unrelated words", "T4C_TOKEN_ON_LOOPBACK": "1", "T4C_PAINT_FIRST": "1"},
    )
    try:
        with_token = {"Authorization": "Bearer three unrelated words"}
        ask(server, f"{PAGE}DEMO-AC", headers=with_token)
        assert is_paint(ask(server, f"{PAGE}DEMO-AC", headers=with_token))
        for headers in ({}, {"Authorization": "Bearer three unrelated birds"}):
            refused = ask(server, f"{PAGE}DEMO-AC", headers=headers)
            assert refused.status == 403
            assert "data-kernel" not in refused.text
    finally:
        server.stop()


def test_the_one_asked_for_longest_ago_goes_first() -> None:
    paints = Paints(most_bytes=10)
    paints.keep("a", "12345")
    paints.keep("b", "12345")
    assert paints.get("a") == b"12345"
    paints.keep("c", "12345")
    assert [paints.get(key) is not None for key in "abc"] == [True, False, True]
    paints.keep("large", "12345678901")
    assert paints.get("large") is None


def test_a_page_that_was_broken_off_is_not_kept() -> None:
    with pytest.raises(ValueError, match="broken off"):
        Made.of('<html data-kernel="x"><body>')


def test_versions_follow_what_was_saved(own_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T4C_DATABASE_URL", f"sqlite:///{own_file}")
    saves = Saves()
    before = {code: saves.version(code) for code in ("DEMO-AC", "demo-ac", "DEMO-CO", "")}
    assert before == {code: saves.version(code) for code in before}
    save_again(own_file, "DEMO-AC")
    assert {code for code in before if saves.version(code) != before[code]} == {"DEMO-AC", "demo-ac", ""}

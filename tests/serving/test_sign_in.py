"""People who sign in by a proxy's header: who is believed, what each role opens, whose a page and its kernel are."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest

from t4c_lib.errors import T4CError
from t4c_lib.serving.access import Access, RequestChecks
from t4c_lib.serving.sign_in import SignIn, hub_pass
from t4c_lib.store import Store
from t4c_lib.store.people import RoleName, SignedIn
from tests.served import Served
from tests.serving.asking import ask
from tests.signed import LOGINS, everybody

HEADER = "X-Remote-User"
ADDRESSES = ("home", "forum", "what_if", "board", "work_experience", "compare", "audit")
OPENED = {  # what the guide says, written down a second time
    **dict.fromkeys(("facilitator", "partner", "signatory", "analyst", "administrator"), set(ADDRESSES) - {"audit"}),
    "board-reader": {"board", "compare"},
    "auditor": {"board", "compare", "audit"},
}


@pytest.fixture(scope="module")
def signed_store(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = Path(shutil.copy(demonstration, tmp_path_factory.mktemp("signed") / "store.sqlite"))
    with Store.open(file) as store:
        limited = everybody().replace("roles: [analyst]", "roles: [analyst], organisations: [DEMO-SC]")
        store.set_people(limited, "people.yaml")
    return file


@pytest.fixture(scope="module")
def signing(signed_store: Path) -> Iterator[Served]:
    options = ("--sign-in", HEADER, "--proxy", "127.0.0.1", "--behind-proxy")
    server = Served(database=f"sqlite:///{signed_store}", options=options)
    yield server
    server.stop()


def as_(login: str, **more: str) -> dict[str, str]:
    return {HEADER: login, "Accept": "text/html", **more}


@pytest.mark.law
@pytest.mark.parametrize("role", LOGINS)
def test_each_role_opens_its_pages_and_no_others(signing: Served, role: str) -> None:
    # 405: a page may be asked for by GET and POST only, which is found out after it was found that it may be opened.
    query = "?organisation=DEMO-SC"
    status = {page: ask(signing, f"/{page}{query}", "HEAD", as_(role)).status for page in ADDRESSES}
    assert {page for page, one in status.items() if one != 403} == OPENED[role], status
    assert set(status.values()) <= {403, 405}


@pytest.mark.flow
def test_nobody_is_believed_but_the_proxy_and_nobody_unknown_is_let_in(signing: Served) -> None:
    assert ask(signing, "/home", headers={"Accept": "text/html"}).status == 401
    for path in ("/", "/join/", "/api/kernels/none/channels", "/here/none"):
        assert ask(signing, path).status == 401, path
    stranger = ask(signing, "/home", headers=as_("nobody"))
    assert stranger.status == 403
    assert "who is not on this store&#39;s list of people. Ask The Machine and Ad Min." in stranger.text
    other = ask(signing, "/board?organisation=DEMO-MH", headers=as_("analyst"))
    assert other.status == 403
    assert "work on DEMO-SC, not on DEMO-MH" in other.text
    assert ask(signing, "/?token=anything", headers={"Accept": "text/html"}).status == 401


@pytest.mark.flow
def test_a_kernel_is_for_whoever_has_signed_in_and_for_nobody_else(signing: Served) -> None:
    page = ask(signing, "/board?organisation=DEMO-SC", headers=as_("board-reader"))
    assert page.status == 200
    assert "Signed in as Bo Reader, board reader" in page.text
    found = re.search(r'data-kernel="([\w-]+)"', page.text)
    assert found is not None
    told = json.dumps({"organisation": "DEMO-SC", "name": "Fay Cilitator"}).encode()
    origin = {"Origin": signing.address.rstrip("/"), "Cookie": "_xsrf=a", "X-XSRFToken": "a"}
    mine = ask(signing, f"/here/{found[1]}", "POST", as_("board-reader", **origin), told)
    assert mine.status == 200, mine.text
    assert ask(signing, f"/here/{found[1]}", "POST", as_("facilitator", **origin), told).status == 404
    again = ask(signing, "/board?organisation=DEMO-SC", headers=as_("facilitator"))
    assert "Bo Reader" not in again.text  # nobody gets a page with another's name in it
    theirs = re.search(r'data-kernel="([\w-]+)"', again.text)
    assert theirs is not None
    here = ask(signing, f"/here/{theirs[1]}", "POST", as_("facilitator", **origin), told)
    assert json.loads(here.text) == {"others": ["Bo Reader"]}  # whatever name the page says
    limited = re.search(
        r'data-kernel="([\w-]+)"', ask(signing, "/board?organisation=DEMO-SC", headers=as_("analyst")).text
    )
    assert limited is not None
    elsewhere = told.replace(b"DEMO-SC", b"DEMO-MH")
    assert ask(signing, f"/here/{limited[1]}", "POST", as_("analyst", **origin), elsewhere).status == 403


@pytest.mark.flow
def test_what_is_opened_and_taken_along_is_on_record(signing: Served, signed_store: Path) -> None:
    assert ask(signing, "/audit?organisation=DEMO-SC", headers=as_("auditor")).status == 200
    assert ask(signing, "/board.html?organisation=DEMO-SC", headers=as_("auditor")).status == 200
    assert ask(signing, "/forum?organisation=DEMO-SC", headers=as_("auditor")).status == 403
    page = ask(signing, "/audit?organisation=DEMO-SC", headers=as_("auditor"))  # behind whose answer it is written down
    assert "none altered and none missing" in page.text
    with Store.open(signed_store) as store:
        by_auditor = [(one.action, one.detail) for one in store.audit.entries(by="Au Auditor")]
        assert ("exported", "board") in by_auditor
        assert ("opened", "audit") in by_auditor
        assert all(detail != "forum" for _, detail in by_auditor)
        assert store.audit.verify().faults == ()


class Asked(HTTPServerRequest):
    """A request from an address, which may say that it asks for another."""

    def __init__(self, peer: str, headers: dict[str, str]) -> None:
        context = type("Context", (), {"address": (peer, 1), "remote_ip": "127.0.0.1", "protocol": "http"})()
        connection = type("Connection", (), {"context": context})()
        super().__init__("GET", "/home", headers=HTTPHeaders({"Host": "localhost", **headers}), connection=connection)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("peer", "headers", "login"),
    [
        ("10.0.0.7", {HEADER: "ada"}, "ada"),
        ("10.0.0.8", {HEADER: "ada"}, None),
        ("10.0.0.8", {HEADER: "ada", "X-Forwarded-For": "10.0.0.7"}, None),
        ("10.0.0.7", {}, None),
        ("10.0.0.7", {HEADER: " "}, None),
        ("10.0.0.7", {HEADER: "a" * 101}, None),
        ("10.0.0.7", {"X-Other": "ada"}, None),
    ],
)
def test_only_the_proxy_names_anybody(peer: str, headers: dict[str, str], login: str | None) -> None:
    access = Access.to("10.0.0.1", behind_proxy=True, sign_in=SignIn.by(HEADER, ["10.0.0.7"]), environ={})
    found = RequestChecks(access).known(Asked(peer, headers))
    assert (found.login if found else None) == login


@pytest.mark.unit
def test_a_pass_that_the_hub_had_given_names_somebody_for_an_hour_and_no_token_opens_anything() -> None:
    access = Access.to("127.0.0.1", sign_in=SignIn(), environ={})
    assert not access.asks_token
    assert "token" not in access.address(8866)
    assert access.token is not None
    assert not access.is_token(access.token)
    who = SignedIn("ada", ("analysts",), by_server=True)
    hub = "jupyterhub-session-id=aaaa"
    given = access.new_pass(hub_pass(who, Asked("10.0.0.9", {"Cookie": hub})))
    passed = {"Cookie": f"t4c-pass={given}; {hub}"}
    checks = RequestChecks(access)
    assert checks.known(Asked("10.0.0.9", passed)) == who
    # Who signs out at the hub, or signs in there as somebody else, has another session or none.
    for other in ("", "; jupyterhub-session-id=bbbb", "; jupyterhub-session-id="):
        assert checks.known(Asked("10.0.0.9", {"Cookie": f"t4c-pass={given}{other}"})) is None
    assert checks.refusal(Asked("10.0.0.9", passed)) is None
    for bad in ({}, {"Cookie": "t4c-pass=none"}, {"Cookie": f"t4c-pass={access.new_pass('visitor')}"}):
        assert checks.known(Asked("10.0.0.9", bad)) is None
        refusal = checks.refusal(Asked("10.0.0.9", bad))
        assert refusal is not None
        assert refusal.why == "not signed in"


@pytest.mark.unit
def test_a_header_that_anybody_could_send_is_refused_when_the_server_starts() -> None:
    with pytest.raises(T4CError, match="Say where it stands: --proxy"):
        SignIn.by(HEADER)
    assert set(RoleName) == set(OPENED)

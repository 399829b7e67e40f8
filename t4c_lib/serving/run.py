"""Starting the server and ending it."""

import ctypes
import logging
import os
import sys
import time
import webbrowser
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from t4c_lib.charts.renderer import shared_renderer
from t4c_lib.errors import InputError
from t4c_lib.filesystem import shipped
from t4c_lib.serving.access import LOOPBACK, TOKEN, Access, base_path, is_loopback
from t4c_lib.serving.capacity import Caps
from t4c_lib.serving.kernels import WarmParent, can_fork
from t4c_lib.serving.monitoring import ServerLog, default_log
from t4c_lib.serving.pages import BUILT, SHARE, find_pages, renew_assets
from t4c_lib.store import DATABASE_URL
from t4c_lib.store.people import SIGNED_IN

WORKBOOKS = shipped("workbooks")
DEFAULT_PORT = 8866


@shared_renderer()
def serve(
    folder: Path | None = None,
    *,
    port: int = DEFAULT_PORT,
    access: Access | None = None,
    base_url: str = "/",
    open_browser: bool = False,
) -> None:
    """Serve the pages of a folder until Ctrl-C or a signal to end: to this machine, unless more is said.

    Every kernel ends with it. `folder`: the notebooks; the project's own `workbooks/` when none is given. `port`: the
    next free one is taken when this one is not; 0 takes any. `access`: for this machine only when none is given.
    `base_url`: the path below which browsers find the pages, where a proxy shows them below one. `open_browser`: once
    they can be had. Raises InputError: the folder holds no page, or a notebook that can't be served; T4CError: no port
    was free, the base is no path, or a setting in the environment can't be read, or pages' program was never built.
    """
    started = time.perf_counter()
    say = partial(print, flush=True)
    access, base = access or Access.to(LOOPBACK), base_path(base_url)
    folder = (folder or WORKBOOKS).resolve()
    pages = find_pages(folder)
    if not pages:
        raise InputError.of(str(folder), "No notebook here is a page: a page has a title in its metadata.")
    caps = Caps.from_environment()
    place = TemporaryDirectory(prefix="t4c-")
    # Kernels inherit what is left; nothing of the person's own runs in them.
    for name in (TOKEN, SIGNED_IN, "PYTHONSTARTUP"):
        _take(name)
    _take_password(Path(place.name))
    os.environ["IPYTHONDIR"] = place.name
    renew_assets(say)
    # First among the folders where Jupyter looks for templates; kernels inherit it.
    known = filter(None, os.environ.get("JUPYTER_PATH", "").split(os.pathsep))
    os.environ["JUPYTER_PATH"] = os.pathsep.join(dict.fromkeys([str(BUILT), str(SHARE), *known]))

    # Each kernel would remark that frozen modules hinder a debugger, and the warm parent hands its settings on.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    if can_fork():
        WarmParent.instance()  # imports what pages need while the server does the same

    # Here, not above: Voila takes its time to import, and reads the data folders while it does.
    from t4c_lib.serving.app import WorkbookServer, voila_config

    def ready(address: str) -> None:
        say(f"Ready after {time.perf_counter() - started:.1f} s: {address}")
        if access.sign_in:
            say("People sign in before they see anything. Ctrl-C ends it.")
        elif is_loopback(access.host) and not access.behind_proxy:
            say("Only this machine can reach it. Ctrl-C ends it.")
        else:
            say("Whoever has this whole address can open it, and its token is shown here only. Ctrl-C ends it.")
        if open_browser:
            webbrowser.open(address)

    # Our own log has each answer; tornado's lines in the window would name visitors' addresses.
    logging.getLogger("tornado.access").setLevel(logging.CRITICAL)
    # The instance, not an instance: what Voila logs of a cell that failed goes through the one application.
    server = WorkbookServer.instance(config=voila_config(folder, signs_in=access.sign_in is not None), port=port)
    server.pages, server.caps, server.on_ready, server.say = pages, caps, ready, say
    # Inside, everything stands at the root: the base is for what browsers are told.
    server.base_url, server.server_url = base, "/"
    server.access, server.server_log = access, ServerLog(default_log())
    server.initialize(argv=[])
    server.log.setLevel(logging.ERROR)  # only its handler had a level, so it put together every line it then threw away
    server.start()
    place.cleanup()
    say("The workbook has ended.")


def _take(name: str) -> str:
    """Take a secret out of this process's environment, which kernels inherit, and out of what Linux shows of it."""
    secret = os.environ.pop(name, "")
    with suppress(OSError):  # no such file on other systems
        start, end = (int(one) for one in Path("/proc/self/stat").read_text().rpartition(")")[2].split()[47:49])
        while secret and start and (place := ctypes.string_at(start, end - start).find(os.fsencode(secret))) >= 0:
            ctypes.memset(start + place, ord("*"), len(os.fsencode(secret)))
    return secret


def _take_password(folder: Path) -> None:
    """Put the store's password where libpq looks for one: a file, on Linux in the server's memory and gone with it.

    Code in a kernel can use the store, so it can read that file too; but nothing shows it or passes it on unasked.
    """
    password = _take("PGPASSWORD")
    with suppress(ValueError, ArgumentError):  # what can't be read is for whoever opens the store to tell
        url = make_url(os.environ.get(DATABASE_URL, ""))
        if own := url.password or url.query.get("password"):
            _take(DATABASE_URL)
            url = url._replace(password=None).difference_update_query(["password"])
            os.environ[DATABASE_URL], password = url.render_as_string(), str(own)
    if password:
        file = folder / "pgpass"
        if sys.platform == "linux":
            file = Path(f"/proc/{os.getpid()}/fd/{os.memfd_create('pgpass')}")
        file.touch()
        file.chmod(0o600)
        file.write_text("*:*:*:*:{}\n".format(password.replace("\\", "\\\\").replace(":", "\\:")), encoding="utf-8")
        os.environ["PGPASSFILE"] = str(file)

"""One renderer for many processes: the same drawings, also from copies of a process, and when it is gone."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import psutil  # type: ignore[import-untyped]
import pytest

from t4c_lib.charts import renderer
from t4c_lib.charts.picture import WIDTH_ON_PAPER
from t4c_lib.charts.renderer import RENDERER, shared_renderer, svg_of
from tests.charts.drawn import a_control_chart, a_course
from tests.served import PATIENCE

DRAWINGS = [chart().drawing.specification(WIDTH_ON_PAPER) for chart in (a_course, a_control_chart)]


def every_renderer() -> set[psutil.Process]:
    """Those that this process and its children have started, other tests' servers among them."""
    found = set()
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "draw_for_others" in " ".join(one.cmdline()):
                found.add(one)
    return found


def new_renderer(before: set[psutil.Process]) -> psutil.Process:
    """The one that was just started; the system may take a moment to show its command."""
    until = time.monotonic() + PATIENCE
    while not (found := every_renderer() - before) and time.monotonic() < until:
        time.sleep(0.02)
    (one,) = found
    return one


@pytest.fixture(autouse=True)
def before(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[psutil.Process]]:
    """Nothing is shared or known yet; gives the renderers of others."""
    monkeypatch.delenv(RENDERER, raising=False)
    renderer.DRAWINGS.clear()
    yield every_renderer()
    renderer.DRAWINGS.clear()


@pytest.mark.detail
@pytest.mark.flow
def test_what_it_draws_is_what_a_process_draws_for_itself() -> None:
    with shared_renderer():
        shared = [renderer._asked_for(json.dumps(one, default=str)) for one in DRAWINGS]
    assert all(one.startswith("<svg ") for one in shared)
    assert shared == [svg_of(one) for one in DRAWINGS]


@pytest.mark.detail
@pytest.mark.flow
def test_a_process_that_shares_one_may_fork_and_its_copies_draw_too() -> None:
    """In a new process, for this one may have drawn for itself."""
    asked = """
import os
from t4c_lib.charts.renderer import shared_renderer, svg_of
from tests.charts.test_renderer import DRAWINGS
with shared_renderer():
    first = svg_of(DRAWINGS[0])
    copy = os.fork()
    if copy == 0:
        os._exit(0 if svg_of(DRAWINGS[1]).startswith("<svg ") and svg_of(DRAWINGS[0]) == first else 1)
    print(os.waitpid(copy, 0)[1])
"""
    places = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", asked]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, env=places)
    assert (done.stdout, done.stderr) == ("0\n", "")


@pytest.mark.flow
def test_where_it_was_killed_each_draws_for_itself(before: set[psutil.Process]) -> None:
    with shared_renderer():
        one = new_renderer(before)
        one.kill()
        one.wait(PATIENCE)
        assert svg_of(DRAWINGS[0]).startswith("<svg ")


@pytest.mark.flow
def test_it_ends_with_who_started_it_even_if_that_is_killed(before: set[psutil.Process]) -> None:
    asked = "from t4c_lib.charts.renderer import shared_renderer\nwith shared_renderer(): print(flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", asked], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        starter.stdout.readline()
        one = new_renderer(before)
        starter.kill()
        one.wait(PATIENCE)
    assert not one.is_running()


@pytest.mark.flow
def test_what_cannot_be_drawn_is_an_error_and_the_next_drawing_is_made() -> None:
    with shared_renderer():
        with pytest.raises(ValueError, match="conversion failed"):
            svg_of({"marks": 3})
        assert svg_of(DRAWINGS[0]).startswith("<svg ")


@pytest.mark.flow
def test_who_hangs_up_in_the_middle_keeps_nobody_waiting() -> None:
    with shared_renderer(), socket.socket(socket.AF_UNIX) as line:
        line.connect(os.environ[RENDERER])
        line.sendall(b'{"marks": ')
        assert renderer._asked_for(json.dumps(DRAWINGS[0], default=str)).startswith("<svg ")


@pytest.mark.flow
def test_it_is_shared_by_those_who_ask_for_one_again_and_gone_at_the_end(before: set[psutil.Process]) -> None:
    with shared_renderer():
        place = os.environ[RENDERER]
        with shared_renderer():
            assert os.environ[RENDERER] == place
        assert os.environ[RENDERER] == place
    assert RENDERER not in os.environ
    assert not Path(place).exists()
    assert every_renderer() == before


@pytest.mark.flow
def test_half_a_drawing_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a renderer that ended in the middle of its answer."""
    place = tmp_path / "renderer"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place))
        listener.listen()

        def answer() -> None:
            line, _ = listener.accept()
            with line, line.makefile("rb") as asked:
                asked.readline()
                line.sendall(b'<svg width="1"><g>')

        half = Thread(target=answer)
        half.start()
        monkeypatch.setenv(RENDERER, str(place))
        drawn = svg_of(DRAWINGS[0])
        half.join(PATIENCE)
    assert drawn.startswith("<svg ")
    assert drawn.endswith("</svg>")

"""Vega specifications drawn as SVG, by one process for all of a server or a run where there can be one.

vl-convert brings Vega along, as a renderer with one font, and as the program with which a browser draws. It takes most
of a second to start and 150 MB, and a process in which it has drawn must not fork, for its threads stay behind.
Processes that ask a shared renderer keep clear of all that, and what one of them had drawn is there for the others.
"""

import hashlib
import json
import os
import re
import socket
import socketserver
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

from t4c_lib.filesystem import variable_set

RENDERER = "T4C_RENDERER"  # a variable: the socket of the renderer that this process shares
BACKLOG, PATIENCE = 128, 60.0  # seconds for one drawing, the renderer's own start included
END = "</svg>"

_FONTS = "FONTCONFIG_FILE"
# What a drawing that is read out as one picture has no need of: a third of the file.
_UNSEEN = re.compile(
    r'<path class="(?:fore|back)ground" aria-hidden="true" d="(?:M0,0h0v0h0Z)?" pointer-events="none"[^>]*/>'
    r'| (?:role|class|aria-roledescription|aria-hidden|pointer-events)="(?!marks")[^"]*"| opacity="1"'
    r'| stroke-dasharray="1,0"| transform="translate\(0,0\)"|<g/>| xmlns:xlink="[^"]*"| aria-label="Title text[^"]*"'
)
_DOT = re.compile(r'<path ([^>]*?)d="M([\d.]+),0A\2,\2,0,1,1,-\2,0A\2,\2,0,1,1,\2,0"')  # as long again as a circle
# A mark's own attributes put it in its place in fewer letters than a move; text of several lines has an x for each.
_LINE = re.compile(r'<line(?: transform="translate\(([^)]*)\)")?([^>]*) x2="([^"]*)" y2="([^"]*)"([^>]*)/>')
_MOVED = r'([^>]*) transform="translate\(([^,)]*),([^)]*)\)"'
_CIRCLE, _TEXT = re.compile(f"<circle{_MOVED}"), re.compile(f"<text{_MOVED}([^>]*>)(?!<tspan)")
_LINES = re.compile(r'(?:<path d="M[-\d.,]+l[-\d.,]+"/>){2,}')  # which look alike
_FONT = re.compile(r' font-family="[^"]*"')
# A tenth of a pixel is enough for places; text keeps its decimals.
_PLACES, _LONG = re.compile(r' (?:d|r|transform|x|y|x1|x2|y1|y2)="[^"]*"'), re.compile(r"(?:\.0\d*|(\.\d)\d+)(?=\D)")
# Marks that look alike: how they look is said once, by their group.
_ALIKE = re.compile(r"<g>((?:<(?:circle|path)\b[^>]*/>|<text\b[^>]*>[^<]*</text>){2,})</g>")
_TAG, _LOOK = re.compile(r"<[^>]*>"), re.compile(r' (?:fill|stroke[\w-]*|text-anchor|font-[\w-]+)="[^"]*"')
# Fonts are looked for when the first text is measured.
_ONE_WORD = {"marks": [{"type": "text", "encode": {"enter": {"text": {"value": "word"}}}}]}


@cache
def _converter() -> ModuleType:
    """The renderer, told to use the font it brings (Liberation Sans, as wide as Arial) and to look for no other.

    Looking through a machine's fonts is what takes longest, and makes the same chart differ from machine to machine.
    The environment is put back at once: other programs that this process starts need their fonts.
    """
    import vl_convert

    with as_file(files("t4c_lib.charts").joinpath("fonts.conf")) as no_fonts, variable_set(_FONTS, str(no_fonts)):
        vl_convert.vega_to_svg(_ONE_WORD)
    return vl_convert


_is_blank = ContextVar("_is_blank", default=False)


@contextmanager
def drawings_left_blank() -> Iterator[None]:
    """Draw nothing meanwhile: for a process that forks, since the renderer's threads stay behind in it."""
    before = _is_blank.set(True)
    try:
        yield
    finally:
        _is_blank.reset(before)


def svg_of(specification: dict[str, Any]) -> str:
    """A Vega specification as SVG."""
    return "<svg ></svg>" if _is_blank.get() else _known(json.dumps(specification, default=str))


DRAWINGS: dict[str, str] = {}  # by digest, of ten to twenty kB: asked for again by a second medium, process or look
MOST_DRAWINGS = 1_000


def _known(specification: str) -> str:
    digest = hashlib.sha256(specification.encode()).hexdigest()
    if (drawn := DRAWINGS.get(digest)) is None:
        if len(DRAWINGS) >= MOST_DRAWINGS:
            DRAWINGS.clear()
        drawn = DRAWINGS[digest] = _asked_for(specification) or _drawn(specification)
    return drawn


def _asked_for(specification: str) -> str:
    """What the shared renderer drew; empty where there is none, or it is gone, or can't draw this."""
    if place := os.environ.get(RENDERER):
        with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE)
            line.connect(place)
            line.sendall(specification.encode() + b"\n")
            with line.makefile(encoding="utf-8") as answer:
                drawn = answer.read()
            return drawn if drawn.endswith(END) else ""  # it may have ended in the middle
    return ""


def _drawn(specification: str) -> str:
    drawn = _UNSEEN.sub("", str(_converter().vega_to_svg(specification)))
    drawn = _DOT.sub(r'<circle \1r="\2"', drawn)
    font = _FONT.search(drawn)
    if font:  # it stands once, not with every word
        drawn = drawn.replace(font[0], "").replace("<svg ", f"<svg {font[0].strip()} ", 1)
    drawn = _PLACES.sub(lambda places: _LONG.sub(r"\1", places[0]), drawn)
    drawn = _LINE.sub(lambda line: f'<path d="M{line[1] or "0,0"}l{line[3]},{line[4]}"{line[2]}{line[5]}/>', drawn)
    drawn = _TEXT.sub(r'<text x="\2" y="\3"\1\4', _CIRCLE.sub(r'<circle cx="\2" cy="\3"\1', drawn))
    return _LINES.sub(lambda lines: lines[0].replace('"/><path d="', ""), _ALIKE.sub(_looks_once, drawn))


def _looks_once(group: re.Match[str]) -> str:
    shared = set.intersection(*(set(_LOOK.findall(tag)) for tag in _TAG.findall(group[1]) if tag != "</text>"))
    plain = _TAG.sub(lambda tag: _LOOK.sub(lambda look: "" if look[0] in shared else look[0], tag[0]), group[1])
    return f"<g{''.join(sorted(shared))}>{plain}</g>"


@contextmanager
def shared_renderer() -> Iterator[None]:
    """Have this process, and those that it starts meanwhile, draw in one process that ends with this one.

    Where they share one already, that one goes on; where there are no such sockets (Windows), each draws for itself.
    """
    if os.environ.get(RENDERER) or not hasattr(socket, "AF_UNIX"):
        yield
        return
    # Short: a socket's path may have about a hundred characters.
    with tempfile.TemporaryDirectory(prefix=f"t4c-{os.getpid()}-") as folder:
        place = str(Path(folder) / "renderer")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(place)
            listener.listen(BACKLOG)  # who asks before it has started waits in line
            program = f"from t4c_lib.charts.renderer import draw_for_others; draw_for_others({listener.fileno()})"
            # Its standard input is closed when this process ends, however it ends; Ctrl-C is for this one.
            how: dict[str, Any] = {"stdin": subprocess.PIPE, "pass_fds": [listener.fileno()], "start_new_session": True}
            renderer = subprocess.Popen([sys.executable, "-c", program], **how)  # noqa: S603  (our own module)
        with renderer:
            try:
                with variable_set(RENDERER, place):
                    yield
            finally:
                renderer.kill()  # nobody waits for a drawing any more


class _Asked(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with suppress(OSError, ValueError):  # whoever asked is gone, or finds out why it can't be drawn
            self.wfile.write(_known(self.rfile.readline().decode()).encode())


def draw_for_others(listener: int) -> None:
    """Answer on a socket that was handed down, a drawing a line, until the standard input is closed."""
    server = socketserver.ThreadingUnixStreamServer("", _Asked, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=listener)
    _converter()  # once, before there are threads
    Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    os._exit(0)  # at once: there is nothing to be kept


def chart_program() -> str:
    """An ES module whose default export draws a specification (`vegaEmbed`). It imports nothing and fetches nothing.

    Makes it anew, which takes some seconds; never call it in a process that forks.
    """
    import vl_convert

    return str(vl_convert.javascript_bundle("export default vegaEmbed;"))

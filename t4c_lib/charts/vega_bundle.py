"""What vl-convert brings: Vega as a renderer of SVG, with one font, and as the program with which a browser draws."""

from __future__ import annotations

import json
import os
import re
from functools import cache, lru_cache
from importlib.resources import as_file, files
from types import ModuleType
from typing import Any

_FONTS = "FONTCONFIG_FILE"
# A hundredth of a pixel is enough for places; text keeps its decimals.
_PLACES, _LONG = re.compile(r' (?:d|transform|x|y|x1|x2|y1|y2)="[^"]*"'), re.compile(r"(\.\d\d)\d+")
# Fonts are looked for when the first text is measured.
_ONE_WORD = {"marks": [{"type": "text", "encode": {"enter": {"text": {"value": "word"}}}}]}


@cache
def _converter() -> ModuleType:
    """The renderer, told to use the font it brings (Liberation Sans, as wide as Arial) and to look for no other.

    Looking through a machine's fonts is what takes longest, and makes the same chart differ from machine to machine.
    The environment is put back at once: other programs that this process starts need their fonts.
    """
    import vl_convert

    before = os.environ.get(_FONTS)
    with as_file(files("t4c_lib.charts").joinpath("fonts.conf")) as no_fonts:
        os.environ[_FONTS] = str(no_fonts)
        try:
            vl_convert.vega_to_svg(_ONE_WORD)
        finally:
            del os.environ[_FONTS]
            if before is not None:
                os.environ[_FONTS] = before
    return vl_convert


def svg_of(specification: dict[str, Any]) -> str:
    """A Vega specification as SVG."""
    return _drawn(json.dumps(specification, default=str))


@lru_cache(maxsize=32)  # the same picture is asked for again by a second medium, or when a page is shown once more
def _drawn(specification: str) -> str:
    drawn = str(_converter().vega_to_svg(specification))
    return _PLACES.sub(lambda places: _LONG.sub(r"\1", places[0]), drawn)


def chart_program() -> str:
    """An ES module whose default export draws a specification (`vegaEmbed`). It imports nothing and fetches nothing.

    Makes it anew, which takes some seconds; never call it in a process that forks.
    """
    import vl_convert

    program: str = vl_convert.javascript_bundle("export default vegaEmbed;")
    return program

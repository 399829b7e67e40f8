"""The program with which a browser draws charts: Vega, Vega-Lite and their embedding, from vl-convert's own files."""

from __future__ import annotations


def chart_program() -> str:
    """An ES module: `draw` shows a specification (vegaEmbed), `read` reads data as it would. It imports nothing.

    Makes it anew, which takes some seconds; never call it in a process that forks.
    """
    import vl_convert

    program: str = vl_convert.javascript_bundle("export const draw = vegaEmbed, read = vega.read;")
    return program

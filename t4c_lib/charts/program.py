"""The program with which a browser draws charts: Vega, Vega-Lite and their embedding, from vl-convert's own files."""

from __future__ import annotations


def chart_program() -> str:
    """An ES module whose default export draws a specification (`vegaEmbed`). It imports nothing and fetches nothing.

    Makes it anew, which takes some seconds; never call it in a process that forks.
    """
    import vl_convert

    program: str = vl_convert.javascript_bundle("export default vegaEmbed;")
    return program

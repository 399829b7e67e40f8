"""`t4c serve`: the pages, for this machine."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    port: Annotated[int, typer.Option(help="Where to listen; the next free port is taken when it is not free.")] = 8866,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Show the pages in your browser.")] = False,
) -> None:
    """Serve the pages to this machine until Ctrl-C."""
    from t4c_lib.serving import serve as serve_pages

    serve_pages(port=port, open_browser=open_browser)

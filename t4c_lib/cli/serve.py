"""`t4c serve`: the pages, for this machine, or for a room."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    port: Annotated[int, typer.Option(help="Where to listen; the next free port is taken when it is not free.")] = 8866,
    host: Annotated[
        str, typer.Option(help="The address to listen on: 0.0.0.0 lets others in the same network in, with a token.")
    ] = "127.0.0.1",
    name: Annotated[
        list[str] | None, typer.Option(help="A further name by which browsers may call this server. May be repeated.")
    ] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy passes requests on; its word on http or https is taken.")
    ] = False,
    new_token: Annotated[
        bool,
        typer.Option("--new-token", help="Make a new token, whatever T4C_TOKEN says: everybody has to come in anew."),
    ] = False,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Show the pages in your browser.")] = False,
) -> None:
    """Serve the pages until Ctrl-C: to this machine only, unless --host says otherwise.

    Beyond this machine the pages ask for a token, which is printed with the address; T4C_TOKEN sets one of your own.
    On a machine that others sign in to, T4C_TOKEN_ON_LOOPBACK=1 has it asked for on this machine too.
    """
    from t4c_lib.serving import Access
    from t4c_lib.serving import serve as serve_pages

    access = Access.to(host, names=name or (), behind_proxy=behind_proxy, new_token=new_token)
    serve_pages(port=port, access=access, open_browser=open_browser)

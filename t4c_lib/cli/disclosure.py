"""`t4c disclosure`: what files give away of a few people, before they are published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.cli.console import complain, say

app = typer.Typer(help="Small numbers: check files before they are published.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Small numbers: check files before they are published."""


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="With the files to be published.")],
    before: Annotated[
        Path | None, typer.Option(help="The folder of the release before, whose figures readers have too.")
    ] = None,
) -> None:
    """Read the files back as a reader would, and say which hidden counts can be worked out from them.

    Reads tables of figures (CSV), reports (HTML) and notebooks. Ends with 1 if anything is found.
    """
    from t4c_lib.disclosure.check import check_folder
    from t4c_lib.disclosure.policy import policy
    from t4c_lib.progress.published_figures import series_of_time, series_sums

    held = policy()
    checked = check_folder(folder, held, of_time=series_of_time(), sums=series_sums(), before=before)
    for finding in checked.findings:
        complain(str(finding))
    files, figures, found = checked.files, checked.figures, len(checked.findings)
    say(
        f"{files:,} file{'' if files == 1 else 's'}, {figures:,} figure{'' if figures == 1 else 's'} in tables (CSV), "
        f"{checked.hidden:,} of their counts hidden."
    )
    if found:
        say(f"Not for publication yet: {found:,} finding{'' if found == 1 else 's'}.")
        raise typer.Exit(1)
    if checked.hidden:
        say(f"No hidden count can be worked out: at least {held.fewest_possible_values} values are left of each.")
    elif not figures:
        say("No exact or small count of people was found in these files.")
        say(
            "What can be worked out by adding and subtracting was not checked: that needs the table of figures beside "
            "them. Make it with  t4c evidence check CODE --out FOLDER/figures.csv  and check again."
        )
    else:
        say(
            "No count is hidden in these tables, so there is none to work out. Whether their counts are rounded was "
            "not checked: publish tables only as  t4c evidence check CODE  made them."
        )

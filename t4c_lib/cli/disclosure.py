"""`t4c disclosure`: what files give away of a few people, before they are published."""

from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.cli.console import Explained, complain, say_from

app = typer.Typer(help="Small numbers: check files before they are published.", no_args_is_help=True)


app.callback()(lambda: None)  # else its only command would go without a name


@app.command(cls=Explained)
def check(folder: Annotated[Path, typer.Argument(metavar="FOLDER")], before: Path | None = None) -> None:
    """Read the files back as a reader would, and say which hidden counts can be worked out from them.

    Reads tables of figures (CSV), pages (HTML), notebooks and papers (Word). Ends with 1 if anything is found.
    """
    from t4c_lib.disclosure.check import check_folder
    from t4c_lib.disclosure.suppression_policy import policy
    from t4c_lib.progress.provenance import PROVENANCE_COLUMNS, series_of_time, series_sums
    from t4c_lib.quantities import count_of

    held = policy()
    checked = check_folder(
        folder, held, of_time=series_of_time(), sums=series_sums(), columns=PROVENANCE_COLUMNS, before=before
    )
    for finding in checked.findings:
        complain(str(finding))
    say_from("disclosure", checked=checked, held=held, before=before, count_of=count_of)
    if checked.findings:
        raise typer.Exit(1)

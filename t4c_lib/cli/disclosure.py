"""`t4c disclosure`: what files give away of a few people, before they are published."""

from pathlib import Path
from typing import Annotated

import typer

from t4c_lib.cli.console import complain, say
from t4c_lib.cli.options import Explained

app = typer.Typer(help="Small numbers: check files before they are published.", no_args_is_help=True)


app.callback()(lambda: None)  # else its only command would go without a name


@app.command(cls=Explained)
def check(folder: Annotated[Path, typer.Argument(metavar="FOLDER")], before: Path | None = None) -> None:
    """Read the files back as a reader would, and say which hidden counts can be worked out from them.

    Reads tables of figures (CSV), pages (HTML), notebooks and papers (Word). Ends with 1 if anything is found.
    """
    from t4c_lib.disclosure.check import check_folder
    from t4c_lib.disclosure.suppression_policy import policy
    from t4c_lib.progress.provenance import PROVENANCE_COLUMNS
    from t4c_lib.progress.published_figures import series_of_time, series_sums
    from t4c_lib.quantities import count_of
    from t4c_lib.typed_text import listed

    held = policy()
    checked = check_folder(
        folder, held, of_time=series_of_time(), sums=series_sums(), columns=PROVENANCE_COLUMNS, before=before
    )
    for finding in checked.findings:
        complain(str(finding))
    counted = f"{count_of(checked.files, 'files')}, {count_of(checked.figures, 'figures')} in tables (CSV)"
    of = f" of {listed(checked.organisations)}" if checked.organisations else ""
    say(f"{counted}{of}, {checked.hidden:,} of their counts hidden.")
    if before:
        files, figures = checked.earlier
        say(f"Compared with {before} ({count_of(files, 'files')}, {count_of(figures, 'figures')}).")
    if checked.not_compared:
        say(f"It has no figures of {', '.join(checked.not_compared)}: these were compared with nothing.")
    if checked.findings:
        say(f"Don't publish these files yet: {count_of(len(checked.findings), 'findings')} above.")
        raise typer.Exit(1)
    if checked.figures:
        say(f"Every count in the tables is rounded to the nearest {held.rounded_to} or hidden.")
    else:
        say("No exact or small count of people was found in these files.")
        say(
            "What can be worked out by adding and subtracting was checked when they were made, not together with an "
            "earlier release. That needs the table of figures: t4c evidence check CODE --out FOLDER/figures.csv"
        )
    if checked.hidden:
        say(
            "No hidden count follows from what adds up in them (groups of a table, support staff within all staff, "
            f"months of a year, joiners and leavers): each could still be any of {held.fewest_possible_values} or more "
            f"numbers. No rate of sickness of fewer than {held.smallest_base} people follows from them either."
        )

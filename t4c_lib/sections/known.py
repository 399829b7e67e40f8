"""What is known of an organisation, what is not, and where every figure came from."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from t4c_lib.evidence import Organisation, SourceFile
from t4c_lib.framework import catalogue
from t4c_lib.progress import completed
from t4c_lib.progress.standing import KNOWN
from t4c_lib.sections.section import Section


def what_is_not_known(observations: pd.DataFrame, organisation: Organisation) -> Section:
    """Every measure of the framework that counts something and has no figure here, with where one would come from."""
    every = completed(observations)
    known = set(every.loc[every["state"].isin(KNOWN), "series"])
    counted = [measure for measure in catalogue().measures if measure.kind not in ("evidence", "review")]
    missing = [measure for measure in counted if measure.series not in known]
    table = pd.DataFrame(
        {
            "Measure": [f"{_ref(measure.ref, measure.part)} {measure.name}" for measure in missing],
            "Where a figure would come from": [measure.source_of_data for measure in missing],
        }
    )
    sentence = (
        f"Of the framework's {len(counted)} measures that count something, {len(counted) - len(missing)} "
        f"{'has' if len(counted) - len(missing) == 1 else 'have'} a figure for {organisation.name} and {len(missing)} "
        f"{'has' if len(missing) == 1 else 'have'} none. The other {len(catalogue().measures) - len(counted)} ask for "
        "something that is in place or reviewed, not counted."
    )
    return Section("What is not known", (sentence,), table=table, table_caption="Measures without a figure")


def _ref(ref: str, part: str | None) -> str:
    return f"{ref} ({part})" if part else ref


def where_it_comes_from(sources: Iterable[SourceFile]) -> Section:
    """The files behind the figures, with the start of their digests, and the attribution that licences ask for."""
    files = list(sources)
    if not files:
        return Section("Sources", ("No file with figures has been added yet.",))
    table = pd.DataFrame(
        {
            "File": [file.name for file in files],
            "Rows": [f"{file.rows:,}" for file in files],
            "Extract date": [file.extract_date.isoformat() if file.extract_date else "not stated" for file in files],
            "SHA-256 begins": [file.digest[:12] for file in files],
        }
    )
    attributions = tuple(dict.fromkeys(file.attribution for file in files if file.attribution))
    return Section("Sources", attributions, table=table, table_caption="Files that these figures were read from")

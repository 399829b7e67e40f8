"""A gallery of broken publications, each with the words that its message must contain."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from .evidence_files import GOOD_SICKNESS, SICKNESS_NAMES, ods, refusal, sickness

pytestmark = pytest.mark.unit

APRIL = "30/04/2024 | RAA | Acute | 50 | 1000 | 5.00"
TRUST = ("RAA", "A NHS TRUST", "Y56", "QMJ", "20010401", "")

NOT_CSV: dict[str, tuple[str | bytes, list[str]]] = {
    "empty": ("", ["the file is empty"]),
    "only blank lines": ("\n\n  \n", ["the file is empty"]),
    "names and no rows": (SICKNESS_NAMES + "\n", ["has no rows"]),
    "zip": (b"PK\x03\x04" + b"readme.txt" + bytes(50), ["a zip archive", "Unzip it"]),
    "xlsx": (
        b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml" + bytes(50),
        ["looks like an Excel workbook", "damaged"],
    ),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), ["old Excel workbook"]),
    "pdf": (b"%PDF-1.7 ...", ["is a PDF"]),
    "web page": (b"<!DOCTYPE html><html>", ["a web page", "sign-in"]),
    "gzip incomplete": (gzip.compress(GOOD_SICKNESS.encode())[:-12], ["incomplete"]),
    "gzip damaged": (b"\x1f\x8b\x08\x00" + b"\xff" * 40, ["compression is damaged"]),
    "compressed twice": (gzip.compress(gzip.compress(GOOD_SICKNESS.encode())), ["compressed twice"]),
    "zip inside gzip": (gzip.compress(b"PK\x03\x04" + bytes(50)), ["a zip archive"]),
    "UTF-16 without mark": (GOOD_SICKNESS.encode("utf-16-le"), ["UTF-16 without its byte order mark", "Save As"]),
    "UTF-16 incomplete": (b"\xff\xfe" + GOOD_SICKNESS.encode("utf-16-le")[:-1], ["begins as UTF-16", "incomplete"]),
    "a byte of some old code page": (
        GOOD_SICKNESS.encode().replace(b"Trust RAA", b"Trust \x8eRAA"),
        ["row 2, column ORG_NAME", "0x8E", "not certain", "CSV UTF-8"],
    ),
    "a Mac apostrophe": (GOOD_SICKNESS.encode().replace(b"Trust QMJ", b"Guy\xd5s"), ["row 3, column ORG_NAME", "0xD5"]),
    "UTF-8 and Windows-1252 mixed": (
        GOOD_SICKNESS.encode().replace(b"Trust RAA", "Café".encode()).replace(b"Trust QMJ", b"Caf\xe9"),
        ["0x", "not certain"],
    ),
    "NUL byte": (GOOD_SICKNESS.replace("Trust RAA", "Trust\0RAA"), ["row 2, column ORG_NAME", "NUL"]),
}

ENDLESS = "x" * 300_000

UNKNOWN: dict[str, tuple[str, list[str]]] = {
    "another publication": (
        "QUARTER,KIND,HOW MANY,OF\n2024,Leavers,1,1\n",
        [
            "row 1",
            "'QUARTER, KIND, HOW MANY, OF'",
            "doesn't match any publication",
            "etr.csv",
            "sickness absence",
            "staff extract",
        ],
    ),
    "some of a publication's columns": (
        "DATE,ORG_TYPE,ICS_NAME,WARD,FTE_DAYS_LOST\n30/04/2024,RAA,A,All,1\n",
        ["The closest match is NHS sickness absence by organisation", "column ORG_CODE is missing", "'WARD' is not a"],
    ),
    "a title above the names": (
        "NHS Sickness Absence,,,,,,,,,,\n,,,,,,,,,,\n" + GOOD_SICKNESS,
        ["Row 3 has the column names of NHS sickness absence", "delete the rows above"],
    ),
    "one endless cell": (ENDLESS, ["doesn't match any publication"]),
    "ODS with 26 cells": ('"RAA"' + ',"x"' * 25 + "\n", ["doesn't match any publication"]),
}

SICKNESS: dict[str, tuple[str, list[str]]] = {
    "a misspelt column": (
        sickness(APRIL, names=SICKNESS_NAMES.replace("ORG_TYPE", "ORG_TPYE")),
        ["row 1, column 8", "'ORG_TPYE' is not a column", "Did you mean 'ORG_TYPE'?"],
    ),
    "a missing column": (
        "\n".join(line.rsplit(",", 1)[0] for line in GOOD_SICKNESS.splitlines()) + "\n",
        ["row 1: column SICKNESS_ABSENCE_RATE_PERCENT is missing"],
    ),
    "a column twice": (
        sickness(names=SICKNESS_NAMES + ",ORG_CODE") + "30/04/2024,Y56,L,QMJ,N,RAA,A,Acute,50,1000,5.00,RAA\n",
        ["row 1, column 12", "'ORG_CODE' appears twice"],
    ),
    "a rate above 100": (
        sickness("30/04/2024 | RAA | Acute | 50 | 1000 | 500"),
        ["row 2, column SICKNESS_ABSENCE_RATE_PERCENT", "'500' is out of range", "from 0 to 100 (percent)"],
    ),
    "a rate below 0": (sickness("30/04/2024 | RAA | Acute | 50 | 1000 | -5"), ["'-5' is out of range"]),
    "a rate that the days do not make": (
        sickness(APRIL, "30/04/2024 | RAB | Acute | 50 | 1000 | 5.01"),
        ["row 3, column SICKNESS_ABSENCE_RATE_PERCENT", "5.01 percent is given", "gives 5.00 percent"],
    ),
    "a rate as a fraction": (
        sickness("30/04/2024 | RAA | Acute | 50 | 1000 | 0.05"),
        ["0.05 percent is given", "gives 5.00 percent"],
    ),
    "a rate with a percent sign": (
        sickness("30/04/2024 | RAA | Acute | 50 | 1000 | 5%"),
        ["'5%' is not a number", "without a percent sign"],
    ),
    "a rate but no days": (sickness("30/04/2024 | RAA | Acute | | | 5.00"), ["without its days"]),
    "days but no rate": (sickness("30/04/2024 | RAA | Acute | 50 | 1000 | "), ["is blank, but", "5.00 percent"]),
    "only one of the days": (
        sickness("30/04/2024 | RAA | Acute | 50 | | "),
        ["row 2, column FTE_DAYS_LOST", "only one of"],
    ),
    "more lost than available": (
        sickness("30/04/2024 | RAA | Acute | 1200 | 1000 | 100"),
        ["row 2, column FTE_DAYS_LOST", "1,200 days lost is more than the 1,000 available"],
    ),
    "words for numbers": (
        sickness("30/04/2024 | RAA | Acute | many | 1000 | 5"),
        ["row 2, column FTE_DAYS_LOST", "'many' is not a number"],
    ),
    "not a number by name": (
        sickness("30/04/2024 | RAA | Acute | NaN | 1000 | 5"),
        ["'NaN' is not a number", "cell empty"],
    ),
    "a dash for nothing": (sickness("30/04/2024 | RAA | Acute | - | 1000 | 5"), ["'-' is not a number", "cell empty"]),
    "a hidden figure": (sickness("30/04/2024 | RAA | Acute | * | 1000 | 5"), ["'*' is not a number", "suppressed"]),
    "a decimal comma": (
        sickness('30/04/2024,Y56,London,QMJ,N,RAA,A,Acute,"50,5",1000,5.05'),
        ["'50,5' is not a number", "decimals with a point"],
    ),
    "commas in thousands": (
        sickness('30/04/2024,Y56,London,QMJ,N,RAA,A,Acute,50,"1,000",5.00'),
        ["'1,000' is not a number", "thousands without commas"],
    ),
    "an organisation twice": (
        sickness(APRIL, "30/04/2024 | RAB | Acute | 50 | 1000 | 5.00", APRIL),
        ["row 4, column ORG_CODE", "same organisation and month as in row 2"],
    ),
    "no code": (sickness("30/04/2024 |  | Acute | 50 | 1000 | 5.00"), ["row 2, column ORG_CODE", "is blank"]),
    "a wrong code": (sickness("30/04/2024 | R-A | Acute | 50 | 1000 | 5.00"), ["'R-A' is not an ODS code"]),
    "not a month's end": (
        sickness("29/04/2024 | RAA | Acute | 50 | 1000 | 5.00"),
        ["row 2, column DATE", "'29/04/2024' is not the last day of a month"],
    ),
    "no such day": (sickness("31/04/2024 | RAA | Acute | 50 | 1000 | 5.00"), ["'31/04/2024' is not a date between"]),
    "the American order": (
        sickness("04/30/2024 | RAA | Acute | 50 | 1000 | 5.00"),
        ["'04/30/2024'", "month seems to come first"],
    ),
    "two ways of writing dates": (
        sickness(APRIL, APRIL.replace("RAA", "RAB"), "2024-04-30 | RAC | Acute | 50 | 1000 | 5.00"),
        ["row 4, column DATE", "'2024-04-30' is in a different format", "day/month/year"],
    ),
    "Excel's number for a date": (
        sickness("45412 | RAA | Acute | 50 | 1000 | 5.00"),
        ["'45412' is not a date", "Excel's number for 2024-04-30"],
    ),
    "a year with two figures": (sickness("30/04/24 | RAA | Acute | 50 | 1000 | 5.00"), ["year with four digits"]),
    "a row incomplete": (GOOD_SICKNESS[:-30] + "\n", ["row 3", "has 8 cells; it should have 11", "incomplete"]),
    "a comma too many": (
        sickness("30/04/2024,Y56,London,QMJ,N,RAA,Care, Health and More,Acute,50,1000,5.00", APRIL),
        ["row 2", "has 12 cells; it should have 11", "quotation marks"],
    ),
    "an open quotation mark": (
        sickness(APRIL, '30/04/2024,Y56,London,QMJ,N,RAB,"Trust B,Acute,50,1000,5.00', APRIL),
        ["row 3", "quotation mark is opened and never closed"],
    ),
    "an open quotation mark that swallows much": (
        sickness(APRIL, '30/04/2024,Y56,London,QMJ,N,RAB,"Trust B' + ENDLESS, APRIL),
        ["row 3", "quotation mark is opened and never closed"],
    ),
    "an empty row": (sickness(APRIL, "", APRIL.replace("RAA", "RAB")), ["row 3", "is empty"]),
    "an unnamed column with cells": (
        sickness("30/04/2024,Y56,L,QMJ,N,RAA,A,Acute,50,1000,5.00,note", names=SICKNESS_NAMES + ","),
        ["row 2, column 12", "contains 'note'", "no name"],
    ),
}

ODS: dict[str, tuple[str, list[str]]] = {
    "a wrong date": (ods(TRUST, ("RAB", "B", "Y56", "QMJ", "20011401", "")), ["row 2, column 11", "'20011401'"]),
    "closed before it opened": (
        ods(("RAA", "A", "Y56", "QMJ", "20200401", "20190331")),
        ["row 1, column 12", "before it"],
    ),
    "a code twice": (ods(TRUST, TRUST), ["row 2, column 1", "same trust code as in row 1"]),
    "no name": (ods(TRUST, ("RAB", "", "Y56", "QMJ", "20010401", "")), ["row 2, column 2", "is blank"]),
    "a row incomplete": (ods(TRUST, TRUST)[:-40] + "\n", ["row 2", "27", "incomplete"]),
    "an open quotation mark": (ods(TRUST, TRUST)[:-6], ["row 2", "quotation mark is opened"]),
}

EVERY = {
    f"{title}: {name}": case
    for title, cases in (("not CSV", NOT_CSV), ("unknown", UNKNOWN), ("sickness", SICKNESS), ("ODS", ODS))
    for name, case in cases.items()
}


@pytest.mark.parametrize("case", EVERY)
def test_a_broken_file_is_refused_in_words_that_help(case: str, tmp_path: Path) -> None:
    content, words = EVERY[case]
    message = refusal(tmp_path, content)
    assert message.startswith("file.csv: "), message
    assert "nothing was saved" in message
    missing = [word for word in words if word not in message]
    assert not missing, f"{missing} not in:\n{message}"


@pytest.mark.parametrize(
    "name", ["nhs_sickness_absence_2024-05.csv", "Sickness May 2024.csv", "sickness_may-24.csv", "202405.csv"]
)
def test_another_month_in_the_file_than_its_name_says_is_refused(name: str, tmp_path: Path) -> None:
    message = refusal(tmp_path, GOOD_SICKNESS, name)
    assert "name says May 2024, but its rows are for April 2024" in message

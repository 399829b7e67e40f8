"""Official layouts, each as a little file: what a test reads where it needs one of that kind."""

from __future__ import annotations

from typing import Any

from t4c_lib.evidence.publication import family
from t4c_lib.evidence.publications.residents import AGES, LAST

CORE_1 = """
    DATA_MONTH | DATA_LEVEL          | NHSE_REGION_CODE | NHSE_REGION_NAME | ICS_CODE | ICS_NAME | ORG_CODE          | ORG_NAME          | MAIN_STAFF_GROUP          | STAFF_GROUP_1                         | FTE   | HEADCOUNT
    2025-10-31 | National            | All regions      | All regions      | All      | All      | All organisations | All organisations | All staff groups          | All staff groups                      | 900.5 | 1000
    2025-10-31 | NHS England region  | Y56              | London           | All      | All      | All               | All               | All staff groups          | All staff groups                      | 90    | 100
    2025-10-31 | ICS area            | Y56              | London           | QKK      | SE       | All               | All               | All staff groups          | All staff groups                      | 50    | 60
    2025-10-31 | Organisation        | Y56              | London           | QKK      | SE       | QKK               | SE London ICB     | All staff groups          | All staff groups                      | 5     | 6
    2025-10-31 | Organisation        | Y56              | London           | QKK      | SE       | RJ1               | Guy's             | All staff groups          | All staff groups                      | 40    | 50
    2025-10-31 | Organisation        | Y56              | London           | QKK      | SE       | RJ1               | Guy's             | Support to clinical staff | All staff groups                      | 14    | 17
    2025-10-31 | Organisation        | Y56              | London           | QKK      | SE       | RJ1               | Guy's             | Support to clinical staff | Support to doctors, nurses & midwives | 10    | 12
    2025-10-31 | Organisation        | Y56              | London           | QKK      | SE       | RJ1               | Guy's             | Support to clinical staff | Support to ST&T staff                 | 4     | 6
    2025-10-31 | Organisation        | Y56              | London           | QKK      | SE       | RJ1               | Guy's             | Support to clinical staff | Support to ambulance staff            | 0     | 0
    2025-10-31 | Organisation        | Y56              | London           | QKK      | SE       | RJ1               | Guy's             | NHS infrastructure support | Managers                             |       |
"""  # noqa: E501
CORE_5 = """
    DATA_MONTH | DATA_LEVEL   | NHSE_REGION_CODE | NHSE_REGION_NAME | ICS_CODE | ICS_NAME | ORG_CODE | ORG_NAME | MAIN_STAFF_GROUP              | STAFF_GROUP_1                             | STAFF_GROUP_2 | CARE_SETTING | LEVEL    | GRADE           | FTE  | HEADCOUNT
    2025-10-31 | Organisation | Y56              | London           | QKK      | SE       | RJ1      | Guy's    | 002_Support to clinical staff | 004_Support to doctors, nurses & midwives | 001_HCA       | 001_Adult    | 001_HCA  | Band 2          | 10.5 | 12
    2025-10-31 | Organisation | Y56              | London           | QKK      | SE       | RJ1      | Guy's    | 002_Support to clinical staff | 004_Support to doctors, nurses & midwives | 001_HCA       | 001_Adult    | 001_HCA  | Band 3          | 5    | 5
    2025-10-31 | Organisation | Y56              | London           | QKK      | SE       | RJ1      | Guy's    | 002_Support to clinical staff | 006_Support to ST&T staff                 | 001_HCA       | 001_Adult    | 001_HCA  | Band 5          | 2    | 2
    2025-10-31 | Organisation | Y56              | London           | QKK      | SE       | RJ1      | Guy's    | 003_NHS infrastructure support | 008_Managers                             | 001_HCA       | 001_Adult    | 001_HCA  | Band 4          | 3    | 3
    2025-10-31 | Organisation | Y56              | London           | QKK      | SE       | RJ1      | Guy's    | 002_Support to clinical staff | 000_All staff groups                      | All           | All          | All      | All grades      | 17.5 | 18
"""  # noqa: E501
MONTHLY = """
    Date       | NHSE_Region_Code | NHSE_Region_Name | Org Code | Org Name | Cluster Group | Benchmark Group | Staff Group Sort Order | Staff Group                           | Data Type | Total
    2025-08-31 | Y56              | London           | RJ1      | Guy's    | Acute         | Teaching        | 1                      | Total                                 | FTE       | 40.25
    2025-08-31 | Y56              | London           | RJ1      | Guy's    | Acute         | Teaching        | 1                      | Total                                 | HC        | 50
    2025-08-31 | Y56              | London           | RJ1      | Guy's    | Acute         | Teaching        | 9                      | Support to doctors, nurses & midwives | FTE       | 10
    2009-09-30 | Y56              | London           | RJ1      | Guy's    | Acute         | Teaching        | 9                      | Support to doctors, nurses & midwives | HC        | 0
"""  # noqa: E501
NATIONALITY: list[list[Any]] = [
    ["Month", "Organisation code", "Organisation name", "Staff group", "Nationality", "FTE"],
    ["2018-JUN", "RAA", "A NHS Trust", "Support to doctors, nurses & midwives", "British", 10],
    ["2018-JUN", "RAA", "A NHS Trust", "Support to doctors, nurses & midwives", "Irish", 2.5],
    ["2018-JUN", "RAA", "A NHS Trust", "Support to ST&T staff", "British", 1],
    ["2018-JUN", "RAA", "A NHS Trust", "Managers", "British", 4],
    ["2017-SEP", "00J", "NHS North Durham CCG", "Managers", "Unknown", 0],
]
SICKNESS_2009 = """
    Date     | Org Type | Org Code | Org Name  | FTE Days Sick | FTE Days Available | SA Rate (%)
    2009-APR | Acute    | RAA      | A Trust   | 50            | 1000               | 5.00
    2022-MAR | Acute    | RAA      | A Trust   | 0             | 900                | 0.00
    2022-MAR | Others   | RAB      | B Trust   | 0             | 0                  |
    2022-MAR | Others   | RAC      | C Trust   |               |                    |
"""
SICKNESS_BENCHMARK = """
    DATE       | NHSE_REGION_CODE | NHSE_REGION_NAME | ORG_CODE | ORG_NAME | CLUSTER_GROUP | BENCHMARK_GROUP | STAFF_GROUP                          | FTE_DAYS_LOST | FTE_DAYS_AVAILABLE | SICKNESS_ABSENCE_RATE_PERCENT
    30/04/2024 | Y56              | London           | RAA      | A Trust  | Acute         | Large           | All staff groups                     | 50            | 1000               | 5.00
    30/04/2024 | Y56              | London           | RAA      | A Trust  | Acute         | Large           | Support to doctors, nurses & midwives | 12           | 400                | 3.00
    30/04/2024 | Y56              | London           | RAA      | A Trust  | Acute         | Large           | Midwives                             |               |                    |
    30/04/2024 | Y56              | London           | RAA      | A Trust  | Acute         | Large           | Managers                             | 0             | 350                | 0.00
"""  # noqa: E501
SICKNESS_REASONS = """
    DATE       | NHSE_CODE | ORG_CODE | ORG_NAME | STAFF_GROUP      | REASON           | FTE_DAYS_AVAILABLE | FTE_DAYS_LOST | FTE_DAYS_LOST_REASON
    31/05/2024 | Y56       | RAA      | A Trust  | All staff groups | S10 Anxiety      | 1000               | 60            | 40
    31/05/2024 | Y56       | RAA      | A Trust  | All staff groups | S11 Back         | 1000               | 60            | 20
    31/05/2024 | Y56       | RAA      | A Trust  | All staff groups | S13 Cold         | 1000               | 60            | 0
    31/05/2024 | Y56       | All      | London   | All staff groups | S10 Anxiety      | 5000               | 200           | 200
    31/05/2024 | All       | All      | All      | All staff groups | S10 Anxiety      | 9000               | 360           | 360
"""  # noqa: E501
TURNOVER_AGES = """
    PERIOD           | TYPE                           | MAIN_STAFF_GROUP          | STAFF_GROUP      | GRADE      | AGE_BAND      | HC  | FTE
    202410 to 202510 | Denominator at start of period | Support to clinical staff | All staff groups | All grades | All age bands | 100 | 90
    202410 to 202510 | Denominator at end of period   | Support to clinical staff | All staff groups | All grades | All age bands | 140 | 120
    202410 to 202510 | Denominator at end of period   | Support to clinical staff | All staff groups | All grades | Under 25      | 30  | 28
    202410 to 202510 | Denominator at end of period   | Support to clinical staff | All staff groups | All grades | 25 to 34      | 100 | 83
    202410 to 202510 | Denominator at end of period   | Support to clinical staff | All staff groups | All grades | Unknown       | 10  | 9
    202410 to 202510 | Leavers                        | Support to clinical staff | All staff groups | All grades | All age bands | 12  | 11
    202410 to 202510 | Leavers                        | Support to clinical staff | All staff groups | All grades | Under 25      | 5   | 4
    202410 to 202510 | Joiners                        | Support to clinical staff | All staff groups | All grades | All age bands | 52  | 41
"""  # noqa: E501
TURNOVER_WIDE = """
    Period           | Org code | Organisation name | Cluster group | Staff group | Denominator at start of period | Denominator at end of period | Joiners | Joiner rate | Leavers | Leaver rate | Stability index
    202403 to 202503 | RAA      | A Trust           | Acute         | Managers    | 100                            | 50                           | 5       | 10%         | 55      | 110.0%      | 45.0%
    202403 to 202503 | RAB      | B Trust           | Acute         | Managers    | 10                             | 10                           | .       | .           | 1       | 0.1         | .
"""  # noqa: E501
SURVEY_ORGANISATIONS = {
    "ODS code": "ods_code",
    "Organisation name": "org_name",
    "Benchmarking group": "benchmarking_group",
    "Region": "region",
    "ICS": "ics",
    "Weighting": "weighting",
}
SURVEY_NATIONAL = {
    "Base": "base",
    "Breakdown": "breakdown",
    "Breakdown subgroup": "breakdown_subgroup",
    "Weighting": "weighting",
}
APPRAISALS = ("q23a", "q23b")
SURVEY_TRUST = {
    "ods_code": "RAA", "org_name": "A Trust", "benchmarking_group": "Acute", "region": "London", "ics": "-",
    "weighting": "Occupation Group", "q23a_yes_pct": "80", "q23a_no_pct": "15", "q23a_cant_remember_pct": "5",
    "q23a_base": "200", "q23b_yes_definitely_pct": "25", "q23b_yes_some_extent_pct": "50", "q23b_no_pct": "25",
    "q23b_base": "160",
}  # fmt: skip
SURVEY_BENCHMARK: dict[str, list[list[Any]]] = {
    "Acute&Acute Community Trusts": [
        ["org_id", "org_name", "org_type_reporting_name", "q23a_2023", "q23a_n_2023", "q23a_2024", "q23a_n_2024",
         "PP5_2024", "q23a_2024_sig"],
        ["RAA", "A Trust", "Acute", 0.75, 200, 0.8, 250, 6.1, "higher"],
        ["R1F1", "Isle (acute)", "Acute", None, None, 0, 20, 6.1, ""],
        ["R1F2", "Isle (ambulance)", "Acute", None, 8, "-", 9, None, ""],
    ],
    "Notes": [["Please read"]],
}  # fmt: skip
PLACE = {"ltla21_code": "E06000001", "ltla21_name": "Hartlepool", "total_population": "91"}
RESIDENTS = {**PLACE, **dict.fromkeys((*AGES, LAST), "1.0")}
WHITE = "White: Roma (number)"
ETHNIC_GROUPS = (
    (WHITE, "30.0"),
    ("Mixed or Multiple ethnic groups: White and Black African (number)", "10.0"),
    ("White: Roma (percent)", "75.0"),
    ("Mixed or Multiple ethnic groups: White and Black African  (percent)", "25.0"),
)
DFE = {
    **dict.fromkeys(family("apprenticeship_target").publications[0].columns, "z"),
    "time_period": "202122", "time_identifier": "Financial year", "geographic_level": "National",
    "country_code": "E92000001", "country_name": "England", "sub_sector": "NHS", "bodies": "200",
    "pct_target_inyr": "1.7", "emp_prior": "1250.5", "app_new": "21.6", "emp_new": "200.5", "emp_end": "1300.1",
    "app_end": "0",
}  # fmt: skip

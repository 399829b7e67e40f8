"""What the made-up organisations of the back-test are like: every figure that chance does not decide, and its source.

None of it is read by the what-if, and none of it was set by looking at how the what-if then does. Spreads between years
are standard deviations of the change from one twelve months to the next, on the log scale for rates and on the logit
scale for shares, beyond the luck of single people.
"""

from __future__ import annotations

from dataclasses import dataclass

MONTHS = 72
# Run before the months that are told, so that learners and lengths of service are those of a going concern.
BEFORE = 48

# --- how years differ -------------------------------------------------------------------------------------------------

# Leaving. England moves by 8.2% from one year to the next (root mean square of twelve changes): nurses 8.5% (2010/11),
# 10.7% (2017/18), 10.2% (2018/19), Health Foundation, "Falling short"; all staff 9.2% (low of the pandemic), 11% (year
# to September 2021, Nuffield Trust, 9 February 2022), 12.5% (to September 2022) and 10.1% (to September 2024, NHS
# England, 5 March 2025). A trust moves by some 5% on top: sickness by trust, April to June against October to
# December 2024, England's own change taken out, differs by 6.4% over 223 trusts, small ones and their luck included.
LEAVING_BETWEEN_YEARS = 0.095

# Growth. FTE days available in 206 trusts (NHS England, sickness absence, April to December 2024): 2.3% more in eight
# months at the median, spread of trusts 1.85 points (quartiles), rank correlation of one four months' growth with the
# next 0.35. Support FTE in 76 trusts with more than 1,500 (NHS Digital, September 2017 to June 2018): spread 2.6 points
# in nine months, and 4.2 in 133 smaller ones. Less what organisations differ by for good, and for a whole year, that is
# 2.1% of all staff and 3.0% of support staff.
GROWTH_A_YEAR = 0.02
GROWTH_BETWEEN_ORGANISATIONS = 0.01
GROWTH_BETWEEN_YEARS = {"shared": 0.019, "support": 0.023, "rest": 0.008}
GROWTH_LASTS = 0.6  # correlation of a month's growth with the next

# Who joins: the young, the qualified. Nobody publishes either by employer and year; as leaving does (judgement).
JOINERS_BETWEEN_YEARS = 0.095
# Apprenticeships begun in the NHS, thousands: 13.9, 19.6, 18.3, 19.9, 21.6 (DfE, 2017/18 to 2021/22): the root mean
# square of the changes is 18.5%. Pathways likewise (judgement).
STARTS_BETWEEN_YEARS = 0.185
# Completion: FE Week has 54.6% (2022/23); by year it is not published for the NHS (judgement).
COMPLETION_BETWEEN_YEARS = 0.15
# Appraisals: 80% (2011) and 83% (2012) of all NHS staff, press notice of the NHS Staff Survey 2012: 0.20 as logits.
APPRAISAL_BETWEEN_YEARS = 0.20
# Weeks to the Care Certificate: not published; as leaving does (judgement).
CERTIFICATE_BETWEEN_YEARS = 0.095
# Half of what sets a year apart is gone a year later (judgement: 9.2%, 11%, 12.5%, then 10.1% two years on).
YEARS_LAST = 0.5 ** (1 / 12)

# --- how organisations differ -----------------------------------------------------------------------------------------

# Log or logit scale. Appraisals: 263 organisations, NHS Staff Survey 2024. Leaving: between trusts, judgement from the
# figures of 17 for August 2023 (NHS England, turnover by organisation) and of England by region. Others: judgement.
LEAVING_BETWEEN_ORGANISATIONS = 0.15
YOUNG_BETWEEN_ORGANISATIONS = 0.35
QUALIFIED_BETWEEN_ORGANISATIONS = 0.5
STARTS_BETWEEN_ORGANISATIONS = 0.4
APPRAISAL_BETWEEN_ORGANISATIONS = 0.54
CERTIFICATE_BETWEEN_ORGANISATIONS = 0.25
DEPARTMENT_LEAVING = 0.2  # of departments within one organisation
SUPPORT_SHARE = 0.40  # Health Education England, "about 40%"
SUPPORT_SHARE_BETWEEN_ORGANISATIONS = 0.25
DEPARTMENTS = 8

# --- who is in post, and who leaves -----------------------------------------------------------------------------------

# Ages 16-24, 25-34, 35-44, 45-54, 55-64, 65 and over. Support: 19,430, 68,092, 78,080, 76,281, 80,514 and 16,417 (NHS
# England, workforce turnover tables, October 2025, support to doctors, nurses and midwives). Others: judgement.
AGE_STARTS = (16, 25, 35, 45, 55, 65, 71)
IN_POST = {"support": (0.057, 0.201, 0.230, 0.225, 0.238, 0.049), "rest": (0.055, 0.265, 0.255, 0.236, 0.161, 0.028)}
# Leavers a year over people in post. Support: 4,591, 10,820, 6,456, 4,144, 5,948 and 4,006 in the same tables. Others:
# judgement, so that all staff together leave at some 10.5%.
LEAVERS = {"support": (0.236, 0.159, 0.083, 0.054, 0.074, 0.244), "rest": (0.150, 0.120, 0.078, 0.058, 0.115, 0.260)}
OLDEST = 71
# People leave soon after they came: 43.7% of those with under a year's experience and 20.4% of those with twenty years
# in adult social care, 29.0% of all (Skills for Care, 2021/22). Relative to all, in years of service 1, 2, 3 and later.
LEAVING_BY_SERVICE = (1.50, 1.15, 1.00, 0.80)
# The same applied within each age would count twice, for the young are new: what its average comes to by age, months of
# many leavers and departments with more included.
SERVICE_AT_AGE = {"support": (1.22, 1.06, 0.97, 0.94, 0.91, 0.85), "rest": (1.38, 1.01, 0.94, 0.91, 0.89, 0.86)}
# January to December, as multiples of an average month. August: 1.43% of support staff left in August 2023 and 2.3%
# joined in 17 trusts (NHS England), a third above the year's average. The other months: judgement.
LEAVING_BY_MONTH = (0.95, 0.85, 1.00, 1.00, 0.90, 0.95, 1.05, 1.33, 1.15, 0.97, 0.90, 0.95)
JOINING_BY_MONTH = (1.05, 1.00, 1.00, 0.95, 0.95, 0.95, 0.95, 1.05, 1.25, 1.15, 1.00, 0.70)
YOUNG_BY_MONTH = (0.95, 0.95, 0.90, 0.90, 0.90, 0.95, 1.10, 1.15, 1.30, 1.10, 0.95, 0.85)
BEGINNING_BY_MONTH = (1.2, 1.2, 0.8, 0.6, 0.6, 0.5, 0.4, 0.6, 3.6, 1.4, 0.7, 0.4)  # apprenticeships and pathways
FILLED_A_MONTH = 0.25  # of the vacancies (judgement: some three months to fill a post)
VACANT = 0.045

# --- who joins --------------------------------------------------------------------------------------------------------

# Under 25 among joiners: about what keeps the share in post where it is (judgement).
YOUNG_JOINERS = {"support": 0.21, "rest": 0.25}
# Single years 16 to 24, then bands from 25 on (judgement).
JOINERS_YOUNG = {"support": (1, 2, 14, 15, 14, 16, 16, 13, 9), "rest": (0, 0, 0, 0, 0, 14, 42, 28, 16)}
JOINERS_OLDER = {"support": (0.42, 0.26, 0.19, 0.115, 0.015), "rest": (0.50, 0.26, 0.15, 0.08, 0.01)}
CARE = 0.65  # of support staff, in front-line care (judgement)
# Of support joiners, at level 2 and above (judgement). What parameters/national.yaml says: where nobody has published a
# figure, organisations that differ from it on the average would try that judgement, and not the model.
QUALIFIED = 0.50
AT_LEVEL_3 = 0.45  # of these, from 25 on; the young fewer
AT_LEVEL_3_YOUNG = 0.33

# --- learning ---------------------------------------------------------------------------------------------------------

# About 1.5% of all NHS staff a year begin an apprenticeship: 21,600 of 1.4 million (DfE, 2021/22).
JOIN_AS_APPRENTICES = (0.20, 0.03)  # of support joiners under 25, and from 25 on (judgement)
APPRENTICESHIP_STARTS = 0.015  # of support staff in post, a year
APPRENTICESHIP_MONTHS = (12, 20)
ACHIEVES = 0.56  # 54.6% in England, all sectors, 2022/23 (FE Week, 21 March 2024)
STOPS_EARLY = 0.5  # of those who don't achieve, somewhere on the way
PATHWAY_STARTS = 0.016  # of support staff in post, a year (judgement)
PATHWAY_MONTHS = ((24, 36, 48), (0.35, 0.45, 0.20))
PATHWAY_COMPLETES = 0.80
PATHWAY_STAYS = 0.92
PATHWAY_LEAVES = 0.5  # who is on a pathway leaves half as often as others (judgement)
STRAIGHT_TO_REGISTERED = 0.0015  # of support staff a year, without a pathway that anybody counted

# --- Care Certificate and appraisal -----------------------------------------------------------------------------------

CERTIFICATE_WEEKS = 11.0  # 12 was the average of the 2014 pilots (Skills for Care)
CERTIFICATE_SPREAD = 0.38  # standard deviation over average
CERTIFICATE_NEVER = 0.06
APPRAISED = 0.836  # nursing and healthcare assistants, NHS Staff Survey 2024
SURVEY_ANSWERED = 0.48  # 48% of NHS staff answered the survey of 2023
SURVEY_MONTH = 11


@dataclass(frozen=True)
class Kind:
    """One kind of organisation to make.

    Attributes:
        size: people in post at the start, about.
        knows_all: whether single years of age, joiners' qualifications and learners are counted. Where they are not,
            national figures have to stand in.
    """

    size: int
    knows_all: bool


SIZES = (50, 200, 1_000, 5_000, 20_000)

"""What happens if: stocks and flows of staff month by month. Values in, values out: no files, no widgets, no store."""

from t4c_lib.whatif.answer import PATH_COLUMNS, Answer, SettingError
from t4c_lib.whatif.establishment import Establishment
from t4c_lib.whatif.rates import monthly_from_annual_rate, monthly_from_cohort_loss
from t4c_lib.whatif.two_stock import Steady, TwoStock

__all__ = [
    "PATH_COLUMNS",
    "Answer",
    "Establishment",
    "SettingError",
    "Steady",
    "TwoStock",
    "monthly_from_annual_rate",
    "monthly_from_cohort_loss",
]

"""What happens if: stocks and flows of staff month by month. Values in, values out: no files, no widgets, no store."""

from t4c_lib.whatif.answer import PATH_COLUMNS, Answer, SettingError
from t4c_lib.whatif.contributions import contributions
from t4c_lib.whatif.draws import draws
from t4c_lib.whatif.establishment import Establishment
from t4c_lib.whatif.learning import BetaShare, Learned, learn
from t4c_lib.whatif.rates import monthly_from_annual_rate, monthly_from_cohort_loss
from t4c_lib.whatif.two_stock import Steady, TwoStock

__all__ = [
    "PATH_COLUMNS",
    "Answer",
    "BetaShare",
    "Establishment",
    "Learned",
    "SettingError",
    "Steady",
    "TwoStock",
    "contributions",
    "draws",
    "learn",
    "monthly_from_annual_rate",
    "monthly_from_cohort_loss",
]

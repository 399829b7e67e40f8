"""What happens if: stocks and flows of staff month by month. Values in, values out: no files, no widgets, no store."""

from t4c_lib.errors import SettingError
from t4c_lib.whatif.bayes_update import BetaShare, Learned, learn
from t4c_lib.whatif.compare import against_nothing, contributions, lever_contributions, what_matters
from t4c_lib.whatif.flows import FLOWS
from t4c_lib.whatif.levers import LEVERS, YOUNG_JOINERS, Lever, Setting, amount_told, lever, setting_told
from t4c_lib.whatif.measures import MeasurePath
from t4c_lib.whatif.model_parameters import ASSUMED, Assumed, Rates, monthly_from_annual_rate
from t4c_lib.whatif.odds import Odds, odds
from t4c_lib.whatif.projection import CLOSURES, Pipeline, Projection
from t4c_lib.whatif.resources import Costs, Limit, ReleaseHours
from t4c_lib.whatif.sampling import draws
from t4c_lib.whatif.scenarios import DOING_NOTHING, Scenario, Scenarios, combine
from t4c_lib.whatif.solve import Need, solve, solve_each
from t4c_lib.whatif.state import STOCKS, State
from t4c_lib.whatif.targets import Target, central_rates, outcome, with_scenario

__all__ = [
    "ASSUMED",
    "CLOSURES",
    "DOING_NOTHING",
    "FLOWS",
    "LEVERS",
    "STOCKS",
    "YOUNG_JOINERS",
    "Assumed",
    "BetaShare",
    "Costs",
    "Learned",
    "Lever",
    "Limit",
    "MeasurePath",
    "Need",
    "Odds",
    "Pipeline",
    "Projection",
    "Rates",
    "ReleaseHours",
    "Scenario",
    "Scenarios",
    "Setting",
    "SettingError",
    "State",
    "Target",
    "against_nothing",
    "amount_told",
    "central_rates",
    "combine",
    "contributions",
    "draws",
    "learn",
    "lever",
    "lever_contributions",
    "monthly_from_annual_rate",
    "odds",
    "outcome",
    "setting_told",
    "solve",
    "solve_each",
    "what_matters",
    "with_scenario",
]

"""What happens if: stocks and flows of staff month by month. Values in, values out: no files, no widgets, no store."""

from t4c_lib.whatif.levers import LEVERS, YOUNG_JOINERS, LeverSetting, format_amount, format_setting, lever
from t4c_lib.whatif.measures_and_costs import Projection
from t4c_lib.whatif.outcomes_and_odds import Odds, OutcomeTarget, central_rates, odds, outcome, with_scenario
from t4c_lib.whatif.pipeline import Pipeline
from t4c_lib.whatif.rates import MODEL_PARAMETERS, Rates, draws, monthly_from_annual_rate
from t4c_lib.whatif.scenarios import DOING_NOTHING, Scenario, Scenarios, combine
from t4c_lib.whatif.solve import KnownParts, Need, solve_each
from t4c_lib.whatif.state import STOCKS, WorkforceState

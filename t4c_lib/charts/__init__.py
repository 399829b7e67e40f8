"""Pictures of figures, in one theme. Each carries the sentence and the table that say the same."""

from t4c_lib.charts.over_time import against_trajectory, control_chart, fan, run_chart, too_few_points
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.scale import Scale
from t4c_lib.charts.side_by_side import age_profile, funnel, funnel_limits, place_in_funnel
from t4c_lib.charts.theme import POINT_SYMBOLS, STATUS_SYMBOLS, Icon, Symbol, icons_of

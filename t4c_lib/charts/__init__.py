"""Pictures of figures: one file a picture, one theme. Each carries the sentence and the table that say the same.

`scale`: how the figures are written. `measured`: what the axis shows, with its unit (of the funnel: the vertical one).
`title`: the finding. Tables have a row for each period or month, the oldest first, but for funnel and age profile.
"""

from t4c_lib.charts.against_trajectory import against_trajectory
from t4c_lib.charts.age_profile import age_profile
from t4c_lib.charts.control_chart import control_chart
from t4c_lib.charts.fan import fan
from t4c_lib.charts.funnel import funnel, funnel_limits, place_in_funnel
from t4c_lib.charts.picture import Picture, Template
from t4c_lib.charts.run_chart import run_chart, too_few_points
from t4c_lib.charts.scale import Scale
from t4c_lib.charts.symbols import POINT_SYMBOLS, STATUS_SYMBOLS, Icon, Symbol, icons_of

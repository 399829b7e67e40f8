"""Pictures of figures: one file a picture, one theme. Each carries the sentence and the table that say the same."""

from t4c_lib.charts.picture import Picture
from t4c_lib.charts.share_and_target import ShareLines, share_and_target
from t4c_lib.charts.sickness_over_time import sickness_over_time

__all__ = ["Picture", "ShareLines", "share_and_target", "sickness_over_time"]

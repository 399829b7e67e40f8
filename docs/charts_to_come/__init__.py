"""Charts that no page, report or command shows yet: the gallery and the page on the what-if have them, tests hold them.

A chart moves to t4c_lib/charts with the page that shows it. Its compiled template lies there already, and its builder
beside the others in docs/chart_builders.
"""

from charts_to_come.certificate_curve import certificate_curve
from charts_to_come.timeline import ActionSpan, timeline
from charts_to_come.tornado import tornado
from charts_to_come.waterfall import waterfall

__all__ = ["ActionSpan", "certificate_curve", "timeline", "tornado", "waterfall"]

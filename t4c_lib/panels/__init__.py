"""What people see and handle on a page: widgets made from measures, plans and evidence."""

from t4c_lib.panels.board_compare_audit import audit, board, compare
from t4c_lib.panels.forum import ForumPanel, forum
from t4c_lib.panels.frame import Frame, Page, frame
from t4c_lib.panels.home import home
from t4c_lib.panels.markup import Chart
from t4c_lib.panels.what_if import what_if
from t4c_lib.panels.work_experience import WorkExperience, work_experience

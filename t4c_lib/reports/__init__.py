"""Reports: one notebook run for one organisation after another, each with its page."""

from t4c_lib.reports.run import ReportFiles, run_report
from t4c_lib.reports.trust import TrustReport, open_report

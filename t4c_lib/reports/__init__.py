"""Reports: one notebook run for one organisation after another, each with its page and papers."""

from t4c_lib.reports.trust import TrustReport as TrustReport
from t4c_lib.reports.trust import open_report as open_report

"""Papers to send and to print, as files that people have programs for."""

from t4c_lib.documents.office_files import action_plan as action_plan
from t4c_lib.documents.office_files import word_paper as word_paper

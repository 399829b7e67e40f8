"""Papers to send and to print, as files that people have programs for."""

from t4c_lib.documents.plan_in_word_and_excel import action_plan as action_plan
from t4c_lib.documents.plan_in_word_and_excel import word_paper as word_paper

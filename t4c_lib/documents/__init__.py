"""Papers to send and to print, as files that people have programs for."""

from t4c_lib.documents.action_plan import action_plan as action_plan
from t4c_lib.documents.word_paper import word_paper as word_paper

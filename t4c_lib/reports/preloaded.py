"""Imported by the process of which each report is a copy: what every report needs is read and compiled once."""

import gc

import docx
import scipy.optimize

from t4c_lib.framework import catalogue
from t4c_lib.html_templates import compile_all
from t4c_lib.parameters import assumptions
from t4c_lib.reports import run

compile_all()
_ = catalogue(), assumptions(), docx, run, scipy.optimize
# What is here now is never looked through for garbage again, so copies go on sharing its memory.
gc.freeze()

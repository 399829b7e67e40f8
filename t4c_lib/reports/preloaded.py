"""Imported by the process of which each report is a copy: what every report needs is read and compiled once."""

import gc

import docx
import nbformat
import scipy.optimize
import sqlalchemy.dialects.sqlite

from t4c_lib.framework import catalogue
from t4c_lib.html_templates import compile_all
from t4c_lib.parameters import assumptions
from t4c_lib.reports import run
from t4c_lib.sections.worked_out import program

compile_all()
nbformat.validate(nbformat.v4.new_notebook())  # type: ignore[no-untyped-call]
_ = catalogue(), assumptions(), program(), docx, run, scipy.optimize, sqlalchemy.dialects.sqlite
# What is here now is never looked through for garbage again, so copies go on sharing its memory.
gc.freeze()

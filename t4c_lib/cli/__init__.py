"""The command line: `t4c NOUN VERB`. What goes wrong is told in words, without a traceback."""

from t4c_lib.cli.main import app, main

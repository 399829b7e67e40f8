"""The command line: `t4c NOUN VERB`. One file a noun; what goes wrong is told in words, without a traceback."""

from t4c_lib.cli.main import app, main

"""Timings and large trials, run by `make bench`; the tests hold none, because a busy machine is no defect."""

"""Tests of the room t4c_lib.store."""

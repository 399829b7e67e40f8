"""The partnership: who may speak, what the sides said, rounds, the pledge, and a log; m0002_partnership.yaml."""

from t4c_lib.store.schema import makes_tables

revision = "0002"
down_revision = "0001"
upgrade = makes_tables("migrations/versions/m0002_partnership.yaml")

"""The work experience programme: its records; m0006_programme.yaml has their table."""

from t4c_lib.store.schema import makes_tables

revision = "0006"
down_revision = "0005"
upgrade = makes_tables("migrations/versions/m0006_programme.yaml")

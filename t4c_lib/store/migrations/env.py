"""Runs migrations on the connection that the store hands over, within its transaction: all of them, or none."""

from alembic import context

from t4c_lib.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()

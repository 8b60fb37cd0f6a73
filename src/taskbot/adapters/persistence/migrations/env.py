"""Alembic's entrance. The connection comes from `migrate`, with its transaction already begun."""

from alembic import context

from taskbot.adapters.persistence.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()

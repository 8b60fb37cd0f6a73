"""`taskbot alert-test`: whether the operator hears of trouble."""

from taskbot.entrypoints.container import Container, telegram_of
from taskbot.entrypoints.settings import Settings


async def test_alerts(settings: Settings) -> dict[str, str | None]:
    """Send a test by every way that is set up; say for each what went wrong, or None."""
    container = Container(settings=settings, **telegram_of(settings))
    try:
        return await container.alerts().test()
    finally:
        await container.database().dispose()

"""Pictures on Pillow. Its library is loaded with the first of them, not with this."""

from taskbot.adapters.pictures.painter import PillowPainter

__all__ = ["PillowPainter"]

"""The panel: pages under `/admin` on which operators see and mend everything.

Built on starlette-admin, which reads through SQLAlchemy; every change goes through the
application's use cases. This package loads neither before somebody opens the panel.
"""

from taskbot.adapters.admin.mounting import PREFIX, LatePanel

__all__ = ["PREFIX", "LatePanel"]

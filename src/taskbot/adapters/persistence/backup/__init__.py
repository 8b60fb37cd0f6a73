"""The whole database in one file, which any database of ours can be filled from."""

from taskbot.adapters.persistence.backup.file import BackupError
from taskbot.adapters.persistence.backup.restore import restore
from taskbot.adapters.persistence.backup.write import Backup, back_up

__all__ = ["Backup", "BackupError", "back_up", "restore"]

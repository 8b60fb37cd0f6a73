"""Queues: transports between dispatch and delivery. The promise itself is in the storage."""

from taskbot.adapters.queue.in_process import InProcessReminderQueue

__all__ = ["InProcessReminderQueue"]

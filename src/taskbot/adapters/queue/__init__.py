"""Queues: transports between dispatch and delivery. The promise itself is in the storage."""

from taskbot.adapters.queue.in_process import InProcessJobQueue, InProcessReminderQueue

__all__ = ["InProcessJobQueue", "InProcessReminderQueue"]

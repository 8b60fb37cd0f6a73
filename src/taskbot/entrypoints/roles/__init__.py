"""Processes with one role each: scheduler, bot, worker."""

"""Processes and their wiring: the only place that knows every layer."""

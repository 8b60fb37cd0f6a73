"""The reminders of one task: what is planned, how long ahead, at moments of one's own.

Nothing is imported here: the card, from which all of it begins, needs the buttons alone.
"""

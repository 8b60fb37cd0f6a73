"""`python -m taskbot`."""

from taskbot.entrypoints.cli import main

main(prog_name="taskbot")

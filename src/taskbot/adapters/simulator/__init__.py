"""A local stand-in for Telegram's Bot API, with a control interface and a chat page."""

from taskbot.adapters.simulator.app import create_simulator_app
from taskbot.adapters.simulator.simulator import Simulator

__all__ = ["Simulator", "create_simulator_app"]

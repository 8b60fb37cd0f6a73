"""Ports of this machine."""

import socket


def a_free_port() -> int:
    """A port at which nobody listens, as yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

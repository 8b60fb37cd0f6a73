"""Serves it; the first line that it writes is its address, and what it is made of.

By granian in one process, which uses less CPU for each request than gunicorn with threads; by four
of them, since eight use more CPU for getting in each other's way.
"""

import contextlib
import importlib.metadata
import multiprocessing
import os
import socket
import time
from typing import Final

from django.core.wsgi import get_wsgi_application
from granian import Granian

_HOST: Final = "127.0.0.1"
_THREADS: Final = 4
_MADE_OF: Final = ("django", "djangorestframework", "granian")


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.floors.django_rest.settings"
    application = get_wsgi_application()
    multiprocessing.set_start_method("fork")  # granian's, too: by it the application gets there
    with socket.socket() as held:
        # Its process takes the port beside this one, which does not listen.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind((_HOST, 0))
        port = held.getsockname()[1]
        # A process, since the server's forks from this one: with a thread it could get stuck.
        multiprocessing.Process(target=_tell_when_it_answers, args=[port], daemon=True).start()
        Granian(
            "application",
            address=_HOST,
            port=port,
            interface="wsgi",
            blocking_threads=_THREADS,
            log_enabled=False,
        ).serve(target_loader=lambda _: application)


def _tell_when_it_answers(port: int) -> None:
    while True:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection((_HOST, port)):
            break
        time.sleep(0.05)
    made_of = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _MADE_OF)
    print(f"http://{_HOST}:{port} {made_of}", flush=True)


if __name__ == "__main__":
    main()

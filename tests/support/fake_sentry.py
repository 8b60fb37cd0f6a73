"""A server that takes error reports by Sentry's protocol, and keeps them."""

import contextlib
import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from attrs import field, frozen

_LIMIT: Final = 20.0


@frozen
class FakeSentry:
    """*bodies*: what came, as text. *events*: the reports in there."""

    dsn: str
    bodies: list[str] = field(factory=list)
    events: list[dict[str, Any]] = field(factory=list)
    _come: threading.Condition = field(factory=threading.Condition)

    def take(self, body: bytes) -> None:
        lines = body.decode().splitlines()
        with self._come:
            self.bodies.append(body.decode())
            for head, item in zip(lines[1::2], lines[2::2], strict=False):
                if json.loads(head)["type"] == "event":
                    self.events.append(json.loads(item))
            self._come.notify_all()

    def wait_for(self, number: int) -> list[dict[str, Any]]:
        """Wait until so many reports have come; give them."""
        with self._come:
            assert self._come.wait_for(lambda: len(self.events) >= number, _LIMIT), self.bodies
            return list(self.events)


@contextlib.contextmanager
def fake_sentry() -> Iterator[FakeSentry]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
            sentry.take(body)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None:
            """It has nothing to say."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        sentry = FakeSentry(f"http://key@127.0.0.1:{server.server_port}/1")
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield sentry
        finally:
            server.shutdown()
            thread.join()

"""Why nothing answers, in the system's words: libraries hide them, or add the address."""

import os
import socket


def cause_of(error: BaseException) -> str:
    """What the system said, `Connection refused` for one; else the kind of *error*.

    Errors' own texts may quote addresses, and addresses passwords: none of it is repeated.
    """
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, socket.gaierror):
            return found.strerror or "no such host"
        if isinstance(found, OSError) and found.errno is not None and found.errno > 0:
            return os.strerror(found.errno)
        found = found.__cause__ or found.__context__
    return type(error).__name__

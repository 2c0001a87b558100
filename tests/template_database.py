"""One migrated database that each test process copies: running every migration takes seconds."""

import hashlib

from django.conf import settings
from django.db import connection

LOCK = 7_265_301  # of PostgreSQL: one process at a time makes the template, the others wait
PREFIX = "test_template_"


def use() -> None:
    """Let the test database begin as a copy of the template, which is made when it is not there."""
    name = PREFIX + fingerprint()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # whoever makes it may take longer
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        found = {row[0] for row in cursor}
        if name not in found:
            for old in found:
                cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
            make(cursor, name)
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def fingerprint() -> str:
    """Names the state the migrations lead to: what they say, import and are run by."""
    files = [settings.BASE_DIR / "requirements.lock"]
    for pattern in ("*/migrations/*.py", "*/models.py", "*/models/*.py"):
        files += sorted(settings.BASE_DIR.glob(pattern))
    digest = hashlib.sha256()
    for path in files:
        digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def make(cursor, name: str) -> None:
    """Make the template under another name first, so that a killed run leaves no half of one."""
    own, unfinished = connection.settings_dict["NAME"], f"{PREFIX}unfinished"
    test = connection.settings_dict["TEST"]
    before = test["NAME"]
    test["NAME"] = unfinished
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    finally:
        connection.close()
        test["NAME"] = before
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = own
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')

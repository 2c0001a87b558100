"""Production settings with the floor page beside ours and a count of queries on each response."""

from lxp.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.counting.count_queries", *MIDDLEWARE]  # noqa: F405
SECOND_FACTOR_REQUIRED = False
STORAGES = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = BASE_DIR / "static" / "dist"  # noqa: F405
LOGGING["root"]["level"] = "ERROR"  # noqa: F405

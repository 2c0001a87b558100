"""Every setting, read from the environment; a missing or contradictory one stops the start.

`make demo` and `manage.py` set the variables for the embedded servers (see `lxp.embedded`); a
deployment sets them itself, as `docker-compose.yml` and `docs/deployment.md` show.
"""

import base64
import os
from pathlib import Path

import dj_database_url
import pghistory
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from encryption.keys import read_keys
from lxp.environment import at_least, flag, listed, notify, required
from lxp.schedule import BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK_HOSTS = {"127.0.0.1", "localhost", "[::1]"}

# --- Which kind of start this is ------------------------------------------------------------------

DEMO = flag("LXP_DEMO", default=False)
DEBUG = flag("DEBUG", default=DEMO)

if DEMO:
    ALLOWED_HOSTS = listed("ALLOWED_HOSTS", ",".join(sorted(LOOPBACK_HOSTS)))
    if not DEBUG:
        raise ImproperlyConfigured(
            "The demonstration settings refuse to serve with DEBUG off: they hold published "
            "passwords. Unset LXP_DEMO and set what docs/deployment.md lists."
        )
    if not set(ALLOWED_HOSTS) <= LOOPBACK_HOSTS:
        raise ImproperlyConfigured(
            "The demonstration settings serve the loopback address only; ALLOWED_HOSTS names "
            f"{', '.join(sorted(set(ALLOWED_HOSTS) - LOOPBACK_HOSTS))}."
        )
    SECRET_KEY = os.environ.get("SECRET_KEY", "demonstration-only-" + "0" * 40)
    for variable in ("ENCRYPTION_KEYS", "EQUALITY_KEYS"):
        demo_key = base64.b64encode(f"demonstration {variable}".ljust(32).encode()).decode()
        os.environ.setdefault(variable, f"demo:{demo_key}")
else:
    ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS").split(",")]
    SECRET_KEY = required("SECRET_KEY")
SECRET_KEY_FALLBACKS = listed("SECRET_KEY_FALLBACKS")

# Of the encrypted columns (docs/decisions/0012): the first writes, all read. Equality answers have
# keys of their own, so that whoever holds the one cannot read the other.
required("ENCRYPTION_KEYS"), required("EQUALITY_KEYS")
ENCRYPTION_KEYS = read_keys(listed("ENCRYPTION_KEYS"), "ENCRYPTION_KEYS")
EQUALITY_KEYS = read_keys(listed("EQUALITY_KEYS"), "EQUALITY_KEYS")
if set(ENCRYPTION_KEYS.values()) & set(EQUALITY_KEYS.values()):
    raise ImproperlyConfigured("ENCRYPTION_KEYS and EQUALITY_KEYS must not share a key.")

# The address people type, for links in messages.
PUBLIC_URL = (
    f"http://127.0.0.1:{os.environ.get('PORT', '8000')}" if DEMO else required("PUBLIC_URL")
)
ORGANISATION_NAME = os.environ.get("ORGANISATION_NAME", "Example NHS Trust" if DEMO else "LXP")

# --- Applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "design",
    "audit",
    "notifications",
    "accounts",
    "programme",
    "questionnaires",
    "supervision",
    "wellbeing",
    "lxp.apps.LxpConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "django_filters",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "design.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.session_limits",
    "accounts.middleware.SignInRequired",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.second_factor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "design.middleware.own_not_found",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "audit.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "lxp.urls"
WSGI_APPLICATION = "lxp.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lxp.navigation.page_frame",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "nhsuk"
CRISPY_TEMPLATE_PACK = "nhsuk"
CRISPY_FAIL_SILENTLY = False

# --- Database, cache ------------------------------------------------------------------------------

DATABASES = {"default": dj_database_url.parse(required("DATABASE_URL"))}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database (15 or newer).")
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    # Short queries only: compiling one costs more than it saves.
    "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000 -c jit=off"
)
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 3)  # /readyz answers soon, up or down
if pool_size := int(os.environ.get("DATABASE_POOL_SIZE", "0")):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # Sign-in limits must hold while the cache server is down, so they live in the database.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        # Few entries are culled early: a limit that is forgotten is no limit.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Drawn charts: worth keeping, never missed.
    "charts": {
        "BACKEND": "lxp.cache.Cache",
        "LOCATION": required("CACHE_URL"),
        "TIMEOUT": 3600,
        "KEY_PREFIX": "lxp",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
}

# --- Small numbers --------------------------------------------------------------------------------

# Counts of people below this are hidden in published figures; see docs/decisions/0009.
SMALLEST_PUBLISHED_COUNT = at_least("SMALLEST_PUBLISHED_COUNT", 5, default=8)
# Group results of check-ins rest on this many people at least.
SMALLEST_WELLBEING_BASE = at_least("SMALLEST_WELLBEING_BASE", 5, default=10)
# How long private things are kept after somebody has left, so that they can take them along.
PRIVATE_KEPT_DAYS = at_least("PRIVATE_KEPT_DAYS", 28, default=90)
# Who supervises whom, for apps that may not know of supervision; see docs/decisions/0027.
SUPERVISED = "lxp.supervised"

# --- Celery: interval schedules in UTC, ids only, nothing kept --------------------------------

CELERY_BROKER_URL = required("BROKER_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 570
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 2,  # of a broker that says nothing; a page waits no longer
    "socket_connect_timeout": 1,
    # A page that finds the broker down goes on at once; workers have their own way to reconnect.
    "max_retries": 0,
    "interval_start": 0,
}
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE

# --- Signing in -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_RESET_TIMEOUT = 60 * 60  # counted from the minute the message is sent

# On for every role except peer worker and trainee; the demonstration says on each page that it
# is off.
SECOND_FACTOR_REQUIRED = flag("SECOND_FACTOR_REQUIRED", default=not DEMO)

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account begins with an invitation sent to that address
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEMO else "https"

ACCOUNT_FORMS = {
    "login": "accounts.sign_in_forms.SignInForm",
    "reauthenticate": "accounts.sign_in_forms.AskForPasswordForm",
    "reset_password": "accounts.sign_in_forms.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.sign_in_forms.NewPasswordForm",
    "change_password": "accounts.sign_in_forms.ChangePasswordForm",
    "set_password": "accounts.sign_in_forms.SetPasswordForm",
}
# Sign-in limits count by address of the network: how many of our own proxies stand before us and
# may say which (0: none, and what a visitor claims is not read).
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0" if DEMO else "1"))

MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "LXP"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
MFA_ALLOW_UNVERIFIED_EMAIL = True  # whoever signs in has opened a message sent to that address
MFA_FORMS = {
    "authenticate": "accounts.sign_in_forms.SecondStepForm",
    "authenticate_webauthn": "accounts.sign_in_forms.PasskeyStepForm",
    "reauthenticate": "accounts.sign_in_forms.SecondStepAgainForm",
    "reauthenticate_webauthn": "accounts.sign_in_forms.PasskeyAgainForm",
    "activate_totp": "accounts.sign_in_forms.AddAppForm",
    "deactivate_totp": "accounts.sign_in_forms.RemoveAppForm",
    "generate_recovery_codes": "accounts.sign_in_forms.NewCodesForm",
    "add_webauthn": "accounts.sign_in_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.sign_in_forms.RenamePasskeyForm",
    "login_webauthn": "accounts.sign_in_forms.PasskeySignInForm",
}

# Written in docs/decisions/0003: the figures NHS login gives its partners.
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
SESSION_WARNING_SECONDS = 2 * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not DEMO
SESSION_COOKIE_NAME = "lxp-session" if DEMO else "__Host-lxp-session"
CSRF_COOKIE_SECURE = not DEMO
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "lxp-csrf" if DEMO else "__Host-lxp-csrf"
CSRF_FAILURE_VIEW = "lxp.views.csrf_failure"

# --- What a browser is told -----------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = not DEMO
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
SECURE_HSTS_PRELOAD = not DEMO
SECURE_PROXY_SSL_HEADER = None if DEMO else ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [] if DEMO else [PUBLIC_URL]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static" / folder for folder in ("dist", "js", "img")]
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Messages, time, words, logs ------------------------------------------------------------------

if DEMO:
    # Written to the terminal of `make demo`.
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
else:
    MAILERS = {
        "default": {
            "BACKEND": "notifications.smtp.EmailBackend",
            "OPTIONS": {
                "host": required("EMAIL_HOST"),
                "port": int(os.environ.get("EMAIL_PORT", "587")),
                "username": os.environ.get("EMAIL_USER", ""),
                "password": os.environ.get("EMAIL_PASSWORD", ""),
                "use_tls": flag("EMAIL_USE_TLS", default=True),
                "timeout": 10,
            },
        }
    }
# After a restore from a backup set another: nothing is sent until `manage.py reconcile_reminders`.
SENDING_EPOCH = os.environ.get("SENDING_EPOCH", "")
DEFAULT_FROM_EMAIL = (
    os.environ.get("EMAIL_FROM", "lxp@example.org") if DEMO else required("EMAIL_FROM")
)

NOTIFY = notify()
# Who is written to when reminders stand still, and from where.
ADMINS, SERVER_EMAIL = listed("ALARM_EMAIL"), DEFAULT_FROM_EMAIL

# Every insert, update and delete leaves a row in an append-only table beside the table itself.
PGHISTORY_DEFAULT_TRACKERS = (
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
)
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

TIME_ZONE = "Europe/London"
USE_TZ = True
LANGUAGE_CODE = "en-gb"
USE_I18N = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "lxp.logs.OneLine", "format": "%(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Without Django's own handler, which mails what was typed to whoever is told of alarms.
        "django": {"handlers": [], "level": "INFO"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}

# An import file, checked before anything is read.
IMPORT_MAX_BYTES = 20 * 1024 * 1024
IMPORT_MAX_ROWS = 100_000
# Up to this many rows a file is read while the lead waits; more go to the worker.
IMPORT_ROWS_AT_ONCE = 1_000

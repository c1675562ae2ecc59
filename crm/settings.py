"""Every setting of Rapport, read from the environment, in one file.

A wrong or missing value stops the start with a sentence. `.env.example` and the README list every name.
"""

import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import environ
import pgtrigger
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from crm.embedded import urls as embedded_urls

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    _names = re.compile(r"^#?\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=", re.M)
    _listed = set(_names.findall((BASE_DIR / ".env.example").read_text()))
    _given = re.findall(r"^(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=", (BASE_DIR / ".env").read_text(), re.M)
    if _unknown := sorted(set(_given) - _listed):
        raise ImproperlyConfigured(f".env sets what nothing reads: {', '.join(_unknown)}. See .env.example.")
    env.read_env(str(BASE_DIR / ".env"))


def flag(name: str, default: bool) -> bool:
    """Return a yes or no from the environment; a word that is neither is not taken for a no."""
    words = env.str(name, default="").strip().lower()
    if words in {"true", "yes", "on", "1"}:
        return True
    if words in {"false", "no", "off", "0"}:
        return False
    if words:
        raise ImproperlyConfigured(f"{name} is “{words}”; it has to be true or false.")
    return default


def number(name: str, default: int) -> int:
    """Return a whole number from the environment, zero or more."""
    words = env.str(name, default="").strip()
    if words and not (words.isascii() and words.isdigit()):
        raise ImproperlyConfigured(f"{name} is “{words}”; it has to be a whole number.")
    return int(words) if words else default


# --- What kind of installation this is -------------------------------------------------------------------------
PRODUCTION = flag("RAPPORT_PRODUCTION", default=False)
DEBUG = flag("DEBUG", default=False)
DEMO = flag("RAPPORT_DEMO", default=not PRODUCTION)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows settings and code to visitors: it is never on in production.")


def secret(name: str, development: str) -> str:
    """Return a secret from the environment; outside production a fixed development value will do."""
    value = env.str(name, default="")
    if value and PRODUCTION and value == development:
        raise ImproperlyConfigured(f"{name} is the public development value. Make a secret of your own.")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(f"{name} is not set. In production every secret comes from the environment.")
    return development


SECRET_KEY = secret("SECRET_KEY", "development-only-key-that-is-public-and-long-enough-for-django")
METRICS_TOKEN = secret("METRICS_TOKEN", "development-metrics-token")
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="rapport-demo")
if PRODUCTION and DEMO and DEMO_PASSWORD == "rapport-demo":
    raise ImproperlyConfigured("RAPPORT_DEMO is on in production: set a DEMO_PASSWORD that is not the public one.")

PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
if PRODUCTION and not PUBLIC_URL.startswith("https://"):
    raise ImproperlyConfigured("PUBLIC_URL must be the public https:// address: webhooks and links are built from it.")
PUBLIC_HOST = urlsplit(PUBLIC_URL).hostname or "127.0.0.1"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or ([PUBLIC_HOST] if PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []
if flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Apps, in the order of the house: what stands lower comes first ---------------------------------------------
ROOMS = ["contacts", "sales", "service", "campaigns", "contactcentre", "analytics"]
INSTALLED_APPS = [
    "crm.apps.CrmConfig",
    "crm.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "crm.events",
    "crm.jobs",
    "crm.ui",
    *ROOMS,
    *(["crm.demo"] if DEMO else []),
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "djmoney",
    "phonenumber_field",
    "template_partials",
    "csp",
]
MIDDLEWARE = [
    "crm.health.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crm.accounts.middleware.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.accounts.middleware.PersonMiddleware",
    "crm.accounts.middleware.HistoryMiddleware",
]
ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
ASGI_APPLICATION = "crm.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "crm.ui.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_ALLOWED_TEMPLATE_PACKS = (CRISPY_TEMPLATE_PACK,)
CRISPY_FAIL_SILENTLY = False  # a layout that names a field the form has not is a mistake, not a line in the log

# --- Postgres and Redis: outside ones by URL, else the embedded pair --------------------------------------------
for _name in ("DATABASE_URL", "REDIS_URL") if PRODUCTION else ():
    if not env.str(_name, default=""):
        raise ImproperlyConfigured(f"{_name} is not set. In production Postgres and Redis are services of their own.")
DATABASE_URL = env.str("DATABASE_URL", default="") or embedded_urls().database
REDIS_URL = env.str("REDIS_URL", default="") or embedded_urls().redis
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"].update(
    HOST=unquote(DATABASES["default"]["HOST"]),  # a folder of sockets comes percent-encoded
    ENGINE="django.db.backends.postgresql",
    CONN_MAX_AGE=600,
    CONN_HEALTH_CHECKS=True,
    TEST={"NAME": "test_rapport_" + env.str("RAPPORT_TEST_DB", default="main")},
)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "rapport",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_NAME = "rapport_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_COOKIE_NAME = "rapport_csrf"
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_SSL_REDIRECT = flag("SSL_REDIRECT", default=False)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Who may ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["crm.accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "crm.accounts.adapter.InvitationOnlyAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Rapport"
USERSESSIONS_TRACK_ACTIVITY = False

# --- What was done ------------------------------------------------------------------------------------------------
# Statement level from the first migration: row level is quadratic in the rows of a bulk statement.
PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_ADMIN_CLASS = "django.contrib.admin.ModelAdmin"

# --- Work in the background -----------------------------------------------------------------------------------------
# The queue lies in the Redis database that the URL names: who shares a Redis does not take the other's tasks.
_redis = urlsplit(REDIS_URL)
_redis_db = parse_qs(_redis.query).get("db", ["0"])[0]
CELERY_BROKER_URL = f"redis+socket://{_redis.path}?virtual_host={_redis_db}" if _redis.scheme == "unix" else REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# --- Telephone ------------------------------------------------------------------------------------------------------
# An empty TWILIO_API_URL means the carrier itself; the simulator's address makes the whole product run on loopback.
TWILIO_ACCOUNT_SID = secret("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
TWILIO_AUTH_TOKEN = secret("TWILIO_AUTH_TOKEN", "development-telephone-token")
TWILIO_API_KEY = env.str("TWILIO_API_KEY", default="")
TWILIO_API_SECRET = env.str("TWILIO_API_SECRET", default="")
TWILIO_APP_SID = env.str("TWILIO_APP_SID", default="")
SIMULATOR_URL = env.str("SIMULATOR_URL", default="").rstrip("/")
if PRODUCTION and SIMULATOR_URL:
    raise ImproperlyConfigured("SIMULATOR_URL is set in production: whoever reaches it answers for agents.")
TWILIO_API_URL = (env.str("TWILIO_API_URL", default="") or SIMULATOR_URL).rstrip("/")

# --- Mail -----------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.str("EMAIL_HOST", default="127.0.0.1")
EMAIL_PORT = number("EMAIL_PORT", default=2525)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Rapport <crm@rapport.example>")
SUPPORT_FROM_EMAIL = env.str("SUPPORT_FROM_EMAIL", default="Service <service@rapport.example>")

# --- Words, money and time ------------------------------------------------------------------------------------------
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# What is kept for all (the timeline, reports of jobs) is written in it; pages are in the language a person chose.
LANGUAGE_CODE = env.str("DEFAULT_LANGUAGE", default="en")
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise ImproperlyConfigured(f"DEFAULT_LANGUAGE is “{LANGUAGE_CODE}”; there are words in: en, de.")
LOCALE_PATHS = [BASE_DIR / "crm" / "locale"]
TIME_ZONE = "UTC"
USE_I18N = USE_TZ = True
DEFAULT_USER_TIME_ZONE = env.str("DEFAULT_USER_TIME_ZONE", default="America/New_York")
DEFAULT_CURRENCY = env.str("DEFAULT_CURRENCY", default="USD")
DEFAULT_REGION = env.str("DEFAULT_REGION", default="US")
PHONENUMBER_DEFAULT_REGION = DEFAULT_REGION
PHONENUMBER_DB_FORMAT = PHONENUMBER_DEFAULT_FORMAT = "E164"

# --- Scores ---------------------------------------------------------------------------------------------------------
# Who buys nothing for so long has left; short for groceries, a year for furniture.
CHURN_WINDOW_DAYS = number("CHURN_WINDOW_DAYS", default=30)

# --- Files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MANIFEST_STATIC = flag("MANIFEST_STATIC", default=PRODUCTION)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if MANIFEST_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not MANIFEST_STATIC
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default="") or BASE_DIR / "var" / "media")
MEDIA_URL = "media/"
MAX_UPLOAD_BYTES = number("MAX_UPLOAD_BYTES", default=314_572_800)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- What a browser may load ------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": [],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "media-src": [SELF],
    },
}

# --- Logs -------------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # Whoever scans the net for servers gets a 400; a traceback each would bury what matters.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "twilio.http_client": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []

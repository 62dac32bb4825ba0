"""One settings file. The environment makes the difference; `.env.example` lists every variable.

Nothing set means: SQLite, background work in the web process, mail on the console, debug pages.
"""

import os
import re
import sys
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from lms.common.zones import offered_zones
from lms.environment import (
    env,
    env_bool,
    env_choice,
    env_file,
    env_hosts,
    env_int,
    env_log_level,
    env_mail_address,
    env_origins,
    env_site,
    env_url,
    env_zone,
)  # fmt: skip

BASE_DIR = Path(__file__).resolve().parent.parent


def env_worker():
    """Which of the parallel test runners this is: 0, 1, …"""
    return os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]


# --- What kind of installation this is -------------------------------------------------------

DEBUG = env_bool("DEBUG", True)
DEMO = env_bool("DEMO", False)  # offers the personas on the sign-in page and the style page
TESTING = "pytest" in sys.modules
DATA_DIR = Path(env("DATA_DIR", str(BASE_DIR / "var")))
BASE_URL = env_site("BASE_URL", "http://127.0.0.1:8000")

SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env_hosts("ALLOWED_HOSTS")
if not DEBUG and not (SECRET_KEY and ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "LMS_DEBUG=false needs LMS_SECRET_KEY (a long random string) and LMS_ALLOWED_HOSTS (host names, comma-separated)."
    )
SECRET_KEY = SECRET_KEY or "only-for-development-never-in-production"
ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = env_origins("CSRF_TRUSTED_ORIGINS")

# --- Parts ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "lms.common",
    "lms.accounts",
    "lms.audit",
    "lms.jobs",
    "lms.people",
    "lms.audiences",
    "lms.trail",
    "lms.notifications",
    "courses",
    "courses.catalogue",
    "courses.observations",
    "courses.learning",
    "courses.training",
    "assessments",
    "assessments.questions",
    "assessments.answers",
    "assessments.checks",
    "assessments.exams",
    "assessments.practicals",
    "assessments.certification",
    "assessments.grading",
    "talent_pool",
    "talent_pool.pay",
    "talent_pool.labour",
    "talent_pool.schools",
    "talent_pool.interns",
    "talent_pool.selection",
    "talent_pool.onboarding",
    "lms.demo",
    "lms.home",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.embeds",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "polymorphic",
    "django_filters",
    "django_htmx",
    "django_celery_beat",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "lms.home.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lms.common.middleware.BoundedRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lms.accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lms.common.middleware.BoundedAddressMiddleware",
    "lms.accounts.middleware.ContentSecurityPolicyMiddleware",
    "courses.catalogue.middleware.StudioScriptsMiddleware",
    "lms.accounts.middleware.PrivateResponseMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lms.accounts.middleware.TemporaryPasswordMiddleware",
    "lms.people.middleware.SignersMiddleware",
    "courses.catalogue.middleware.StudioDoorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lms.people.middleware.DealerTimeZoneMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "assessments/questions"],  # the second: kinds/<kind>/control.html
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "lms.home.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lms.home.context.face",
            ],
        },
    }
]

# --- Data -------------------------------------------------------------------------------------


def database(url):
    """A `DATABASES` entry for a URL: sqlite:///path or postgresql://user:password@host:port/name?option=value."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "lms.common.sqlite",
            "NAME": unquote(parts.path[1:]) or ":memory:",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;",
            },
        }
    if not parts.path[1:]:
        raise ImproperlyConfigured("LMS_DATABASE_URL names no database; it must be like postgresql://user:password@host:5432/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "5"} | dict(parse_qsl(parts.query)),
    }


DATABASE_URL = env_url("DATABASE_URL", ("sqlite", "postgresql", "postgres"), f"sqlite:///{DATA_DIR / 'pitlane.sqlite3'}")
if DATABASE_URL.startswith("sqlite:"):
    DATA_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": database(DATABASE_URL)}
PREPARED_STATEMENTS = env_bool("PREPARED_STATEMENTS", True)  # those of every request, by PostgreSQL (`lms.common.compiled`)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_url("REDIS_URL", ("redis", "rediss", "unix"))
BROKER_URL = env_url("BROKER_URL", ("amqp", "amqps", "redis", "rediss"))
_cores = os.cpu_count() or 1
WEB_WORKERS = env_int("WEB_WORKERS", _cores if BROKER_URL else 1, 1, 200)
SESSION_ENGINE = "django.contrib.sessions.backends.db"
if REDIS_URL:
    CACHES = {
        "default": {"BACKEND": "lms.common.cache.CountingCache", "LOCATION": REDIS_URL},
        "sessions": {"BACKEND": "lms.common.cache.SessionCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "session"},
    }
    SESSION_ENGINE, SESSION_CACHE_ALIAS = "django.contrib.sessions.backends.cached_db", "sessions"
elif WEB_WORKERS > 1:
    # The memory of one process counts only the guesses that it has seen itself.
    CACHES = {"default": {"BACKEND": "lms.common.cache.TableCache", "LOCATION": "pitlane_cache"}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pitlane"}}

# --- Background work --------------------------------------------------------------------------

# celery: a worker does it; thread: the web process does it beside its requests; inline: at once (tests).
BACKGROUND = "celery" if BROKER_URL else "thread"
CELERY_BROKER_URL = BROKER_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page that hands work over waits a second for a broker that hangs, then goes on; the sweep makes up.
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 2, "interval_start": 0, "interval_step": 0.2}
if BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"socket_connect_timeout": 1, "socket_timeout": 5}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}
CELERY_TIMEZONE = TIME_ZONE = env_zone("TIME_ZONE", "Asia/Shanghai")
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# The table is the guarantee: at once exams that end, every minute what is overdue now, every night all that a lost message left undone.
CELERY_BEAT_SCHEDULE = {
    "sweep exams every ten seconds": {"task": "home.sweep_exams", "schedule": 10.0},
    "sweep every minute": {"task": "home.sweep_lightly", "schedule": 60.0},
    "sweep every night": {"task": "home.sweep", "schedule": crontab(hour=2, minute=10)},
}

# --- Serving (manage.py serve) ----------------------------------------------------------------

WEB_THREADS = env_int("WEB_THREADS", 4, 1, 200)
WORKER_PROCESSES = env_int("WORKER_PROCESSES", _cores, 1, 200)

# --- Who signs in -----------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["lms.people.backends.EmployeeBackend"]
PASSWORD_HASHERS = ["lms.accounts.hashers.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "lms.accounts.validators.PersonalPartsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "pitlane_session"
CSRF_COOKIE_NAME = "pitlane_csrf"
CSRF_FAILURE_VIEW = "lms.home.views.csrf_failure"

ACCOUNT_ADAPTER = "lms.accounts.adapter.Adapter"
# allauth's own table of addresses counts for nothing here: a person's address stands on their record, and HR's rules guard it.
ACCOUNT_FORMS = {"reset_password": "lms.accounts.forms.ResetPasswordForm"}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# A whole dealer stands behind one address and begins at the same hour: 200 people, some mistyping, within minutes. What protects
# a person is the rate by name ("key"); a device that they have signed in from before has its own (`lms.accounts.adapter`).
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "100/m/ip,600/h/ip,5/5m/key",
    "login_failed_on_known_device": "5/5m/key",
    "reset_password": "60/m/ip,5/h/key",
    "reset_password_from_key": "60/m/ip",
    "change_password": "10/5m/user",
    "enrolment_mail": "3/10m/user",
    "enrolment_code": "5/5m/user",
}
# How many proxies stand before this server; the client's address is read from X-Forwarded-For only as far as they are trusted.
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("TRUSTED_PROXIES", 0, 0, 10)

# Second factor and sessions. “signers”: whoever answers for others (examines, signs pay, manages people, writes courses) signs in
# with an authenticator app or a passkey besides the password. “off”: whoever wants to may.
SECOND_FACTOR = env_choice("SECOND_FACTOR", "off" if DEBUG or DEMO else "signers", ["off", "signers"])
SIGNER_IDLE_MINUTES = env_int("SIGNER_IDLE_MINUTES", 60, 0, 24 * 60)  # 0: their sessions do not end by themselves
MFA_ADAPTER = "lms.people.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Pitlane"
MFA_TOTP_TOLERANCE = 1  # half a minute before and after: telephones' clocks differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Passkeys belong to a host name; plain HTTP is possible only for “localhost”, which browsers trust, and never elsewhere.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = urlsplit(BASE_URL).hostname == "localhost"

# --- Language, time ---------------------------------------------------------------------------

LANGUAGE_CODE = env_choice("LANGUAGE", "zh-hans", ["zh-hans", "en"])
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
FORMAT_MODULE_PATH = "lms.common.formats"
FILTERS_EMPTY_CHOICE_LABEL = _("All")  # of a list's filter that nothing was chosen in
LOCALE_PATHS = [BASE_DIR / "lms" / "locale"]
USE_I18N = True
LANGUAGE_COOKIE_NAME = "pitlane_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "lms" / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = Path(env("MEDIA_ROOT", str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # of all but files; those are bounded by the first handler, view by view
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_HANDLERS = [
    "lms.common.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o640
CERTIFICATE_FONT = env_file("CERTIFICATE_FONT")  # path of a face with Chinese; empty: the one that comes with us

# --- Mail -------------------------------------------------------------------------------------

EMAIL_URL = env_url("EMAIL_URL", ("smtp", "smtp+tls", "smtps"))
if EMAIL_URL:
    _mail = urlsplit(EMAIL_URL)
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp+tls", _mail.scheme == "smtps"
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env_mail_address("MAIL_FROM", "Pitlane <pitlane@localhost>")

# --- Safety -----------------------------------------------------------------------------------

HTTPS = env_bool("HTTPS", not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail previews a page in a frame of its own editor
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
    }
}
# The course studio: inline scripts run only where they set one of Wagtail's widgets up (`courses.catalogue.middleware` gives those
# the nonce), and wagtail-localize's two, word for word. What Wagtail 7.4 does not allow to be as strict as elsewhere: its rich text
# editor writes style elements of its own, so the screens with it (pages) take inline style elements; style attributes nowhere.
ADMIN_CONTENT_SECURITY_POLICY = {
    "script-src": [
        SELF,
        NONCE,
        "'sha256-Zi6020hVNJQUtMOgLuIImaOaART6TyIrghPC9PESpjg='",
        "'sha256-KJOhzpbGCsWBwvsuwd0BaV2YieHfWkiJt1OidRgp6n0='",
    ],
    "style-src": [SELF],
    "img-src": [SELF, "data:", "blob:"],
}
ADMIN_EDITOR_CONTENT_SECURITY_POLICY = {**ADMIN_CONTENT_SECURITY_POLICY, "style-src-elem": [SELF, "'unsafe-inline'"]}
MIGRATION_MODULES: dict[str, str] = {}

# --- Wagtail ----------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Pitlane 匠阶"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_PERMITTED_LANGUAGES = WAGTAIL_CONTENT_LANGUAGES
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_USAGE_COUNT_ENABLED = True
WAGTAIL_USER_TIME_ZONES = offered_zones()
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "key", "odt", "pdf", "pptx", "rtf", "txt", "xlsx", "zip", "mp4", "vtt"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "courses.catalogue.forms.DocumentForm"
WAGTAILIMAGES_IMAGE_FORM_BASE = "courses.catalogue.forms.PictureForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "lms.common.search"}}
WAGTAILEMBEDS_FINDERS: list[dict] = []
TAGGIT_CASE_INSENSITIVE = True
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- Logs -------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_log_level("LOG_LEVEL", "WARNING" if DEBUG else "INFO")},
}

if TESTING:
    BACKGROUND = "inline"
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    MEDIA_ROOT = DATA_DIR / "test-media"
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing folder, and a warning is an error
    if REDIS_URL:
        # A database of its own for each of the parallel runners: one clears its cache while another holds a session.
        _server, _number = re.findall(r"^(.*?)(?:/(\d*))?$", REDIS_URL)[0]
        for _cache in CACHES.values():
            _cache["LOCATION"] = f"{_server}/{int(_number or 0) + 1 + int(env_worker())}"
    if DATABASE_URL.startswith("sqlite:"):
        # A file, so that --reuse-db works and a second thread sees the same data; no sync to disk, it is thrown away.
        DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
        DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

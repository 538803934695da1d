"""Django's settings, from `runtime.environment`. Wiring only: no setting of ours is explained here."""

from csp.constants import NONE, SELF

from bilibili_monitor import databases
from runtime import data_folder, environment, setting_values

ENVIRONMENT = environment.from_process()
BASE_DIR = setting_values.ROOT

SECRET_KEY = data_folder.secret(ENVIRONMENT.secret_key_file)
DEBUG = False
# A page elsewhere that points its own name at 127.0.0.1 (DNS rebinding) must get nothing.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "bilibili_monitor.apps.ProjectConfig",
    "live_data",
]
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "bilibili_monitor.middleware.refuse_forwarded",
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "bilibili_monitor.middleware.compressed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "bilibili_monitor.middleware.viewers_time_zone",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "live_data.views.database_away.DatabaseAway",
]
ROOT_URLCONF = "bilibili_monitor.urls"
ASGI_APPLICATION = "bilibili_monitor.asgi.application"
WSGI_APPLICATION = "bilibili_monitor.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": databases.default(ENVIRONMENT)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 400 * 24 * 3600  # s; browsers keep nothing longer
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_ALLOW_ALL_ORIGINS = False
# staticfiles.W004 (folder missing) says less than our own check: bilibili_monitor.W001.
SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]

SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SAMESITE = "Strict"
# A danmaku that gets into a page as HTML still runs nothing, styles nothing, and calls nobody.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's own pictures are in its style sheet
        "connect-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# runtime.logs has configured it, the same for processes with and without Django.
LOGGING_CONFIG = None

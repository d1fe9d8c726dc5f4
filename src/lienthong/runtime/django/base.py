"""Django's settings that both services share, made from `runtime.settings.Settings`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lienthong.look.accounts import LEAST_LENGTH
from lienthong.runtime.settings import Settings

LOCALE = Path(__file__).parents[2] / "locale"
"""The English words; Vietnamese ones stand where they are shown."""
STATEMENT_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 10_000
HSTS_SECONDS = 365 * 24 * 3600
"""How long a browser that came by TLS comes by nothing else (RFC 6797)."""


def database(url: str, *, pool: bool) -> dict[str, Any]:
    """Django's entry for a `postgresql://` address; with a pool in each process, whose connections are looked at on
    use (`runtime.postgresql`), so that a service recovers by itself when PostgreSQL dies and comes back."""
    parts = urlsplit(url)
    timeouts = f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS}"
    options: dict[str, Any] = {
        "connect_timeout": 5,
        "options": timeouts,
        # The same few statements come again and again: PostgreSQL parses and plans each once in a connection.
        "server_side_binding": True,
        "prepare_threshold": 2,
    }
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 12, "timeout": 8, "max_idle": 120}
    return {
        "ENGINE": "lienthong.runtime.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def common(settings: Settings, *, pool: bool = True) -> dict[str, Any]:
    """The settings of a service but for its applications and routes."""
    name = settings.service.value
    return {
        "LIENTHONG": settings,
        "DEBUG": False,
        "SECRET_KEY": settings.secret_key,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]", urlsplit(settings.address).hostname or ""],
        "CSRF_TRUSTED_ORIGINS": [settings.public_url] if settings.public_url else [],
        "DATABASES": {"default": database(settings.database_url, pool=pool)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "MIDDLEWARE": [
            "lienthong.runtime.web.observe",
            "lienthong.runtime.web.mark_sandbox",
            "lienthong.runtime.web.EncryptedChannel",
            "django.middleware.security.SecurityMiddleware",
            "lienthong.runtime.web.protect",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "lienthong.runtime.web.speak",
            "lienthong.runtime.web.explain",
            "django.middleware.common.CommonMiddleware",
            "lienthong.runtime.web.SmallFormsOfStrangers",
            "django.middleware.csrf.CsrfViewMiddleware",
            "lienthong.runtime.web.LegibleText",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.template.context_processors.i18n",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        "PASSWORD_HASHERS": ["lienthong.runtime.django.passwords.Passwords"],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": LEAST_LENGTH},
            },
            {"NAME": "lienthong.look.accounts.FourClasses"},
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        ],
        "LANGUAGE_CODE": "vi",
        "LANGUAGES": [("vi", "Tiếng Việt"), ("en", "English")],
        "LOCALE_PATHS": [LOCALE],
        "LANGUAGE_COOKIE_AGE": 365 * 24 * 3600,
        "LANGUAGE_COOKIE_HTTPONLY": True,
        "LANGUAGE_COOKIE_SAMESITE": "Lax",
        "LANGUAGE_COOKIE_SECURE": settings.encrypted,
        "TIME_ZONE": "Asia/Ho_Chi_Minh",
        "USE_TZ": True,
        "STATIC_URL": "/static/",
        # Services of one machine share its host name: cookies are told apart by their names.
        "SESSION_COOKIE_NAME": f"lienthong_{name}_{settings.port}",
        "CSRF_COOKIE_NAME": f"lienthong_{name}_csrf_{settings.port}",
        "LANGUAGE_COOKIE_NAME": f"lienthong_{name}_language_{settings.port}",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_AGE": 12 * 3600,
        "SESSION_COOKIE_SECURE": settings.encrypted,
        "CSRF_COOKIE_SECURE": settings.encrypted,
        "SECURE_HSTS_SECONDS": HSTS_SECONDS if settings.encrypted else 0,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "SAMEORIGIN",
        # Bodies are streamed by the views that take files; forms themselves are small.
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 4 << 20,
        "FILE_UPLOAD_MAX_MEMORY_SIZE": 1 << 20,
        "LOGGING_CONFIG": None,
    }


FRAMEWORK = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

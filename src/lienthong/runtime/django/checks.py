"""Django's settings for static checks (types, migration drift): no database and no folder is needed."""

from pathlib import Path

from lienthong.runtime.django.base import FRAMEWORK
from lienthong.runtime.settings import Service, Settings

LIENTHONG = Settings(service=Service.OFFICE, data=Path("nowhere"), database_url="")

SECRET_KEY = "only for checks"  # noqa: S105 - no session is ever signed with it
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "none"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [*FRAMEWORK, "lienthong.look", "lienthong.journal", "lienthong.hub", "lienthong.office"]
ROOT_URLCONF = "lienthong.runtime.urls_office"
USE_TZ = True
LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"

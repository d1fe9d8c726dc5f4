"""Django's settings under test: both services' tables in one database, the office's routes unless a test says else."""

import os
import tempfile
from pathlib import Path

from lienthong.runtime.django.base import FRAMEWORK, common
from lienthong.runtime.settings import Service, Settings

_data = Path(os.environ.get("LIENTHONG_TEST_DATA") or tempfile.mkdtemp(prefix="lienthong-tests-"))
_url = os.environ.get("LIENTHONG_TEST_DATABASE_URL", "postgresql://lienthong@127.0.0.1:1/none")

globals().update(common(Settings(service=Service.OFFICE, data=_data, database_url=_url), pool=False))
INSTALLED_APPS = [*FRAMEWORK, "lienthong.look", "lienthong.journal", "lienthong.hub", "lienthong.office"]
ROOT_URLCONF = "lienthong.runtime.urls_office"
LOGIN_URL = "/dang-nhap/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "lienthong.runtime.django.passwords.Passwords",  # what is made for one use says by itself how
]

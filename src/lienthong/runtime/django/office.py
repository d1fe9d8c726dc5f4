"""Django's settings of an office."""

from lienthong.runtime.django.base import FRAMEWORK, common
from lienthong.runtime.settings import Settings

globals().update(common(Settings.from_environment()))
INSTALLED_APPS = [*FRAMEWORK, "lienthong.look", "lienthong.journal", "lienthong.office"]
ROOT_URLCONF = "lienthong.runtime.urls_office"
LOGIN_URL = "/dang-nhap/"

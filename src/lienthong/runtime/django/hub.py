"""Django's settings of the hub."""

from lienthong.runtime.django.base import FRAMEWORK, common
from lienthong.runtime.settings import Settings

globals().update(common(Settings.from_environment()))
INSTALLED_APPS = [*FRAMEWORK, "lienthong.look", "lienthong.journal", "lienthong.hub"]
ROOT_URLCONF = "lienthong.runtime.urls_hub"
LOGIN_URL = "/console/dang-nhap/"

"""People of the console, signed in."""

from django.contrib.auth import get_user_model
from django.test import Client

from lienthong.hub import operators
from lienthong.hub.operators import Role
from tests.service.hub.conftest import now

PASSWORD = "một-mật-khẩu-dài"


def sit_down(role: Role = Role.OPERATOR, agency: str = "") -> Client:
    """Somebody of this role before the console; for an agency officer, of this agency."""
    account = f"{role.value}.{agency}".lower().rstrip(".")
    operators.add(account, name="Tạ Quang Duy", role=role, agency=agency, password=PASSWORD, at=now())
    client = Client()
    client.force_login(get_user_model().objects.get(username=account))
    return client

"""What somebody without credentials sends is not written to disk: a large form is refused before it is read."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, override_settings

PLACES = [
    ("hub", "/api/v1/token"),
    ("hub", "/console/dang-nhap/"),
    ("office", "/dang-nhap/"),
    ("office", "/van-ban-di/soan/"),
]
FORMS = ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"]


def post(client: Client, place: str, form: str, announced: int, body: bytes = b"x") -> int:
    """Announce so many bytes, of which one comes unless told: whoever reads gets no further than a 400."""
    return client.generic("POST", place, body, content_type=form, CONTENT_LENGTH=str(announced)).status_code


@pytest.mark.law("SEC-10")
@pytest.mark.django_db
@pytest.mark.parametrize(("service", "place"), PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_a_large_form_of_a_stranger_is_refused_unread(service: str, place: str, form: str) -> None:
    with override_settings(ROOT_URLCONF=f"lienthong.runtime.urls_{service}"):
        assert post(Client(), place, form, 60 << 20) == 413
        assert post(Client(), place, form, 1) != 413


@pytest.mark.django_db
def test_who_is_signed_in_sends_files() -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_user("mot.nguoi"))
    assert post(client, "/van-ban-di/soan/", FORMS[0], 1 << 20, bytes(1 << 20)) != 413

"""How a provider of SAML describes itself: what is taken, what is not; and the page that says what each refusal asks."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lienthong.office.models import IdentityProvider
from lienthong.office.people.saml_errors import SamlMetadataRefused, SamlRefused
from lienthong.testing.saml_provider import SamlProvider
from tests.service.office.conftest import Office
from tests.service.office.saml_faults import FAULTS, METADATA
from tests.service.office.test_saml import declare


@pytest.fixture
def provider() -> Iterator[SamlProvider]:
    with SamlProvider() as running:
        yield running


@pytest.mark.parametrize("fault", METADATA)
def test_a_description_from_which_nobody_can_be_signed_in_safely_is_refused(
    office: Office, provider: SamlProvider, fault: str
) -> None:
    make, why = METADATA[fault]
    with pytest.raises(SamlMetadataRefused) as refused:
        declare(office, provider, metadata=make(provider))
    assert any(one in refused.value.message_vi for one in why.split("|"))
    assert not IdentityProvider.objects.exists()


def test_descriptions_as_others_write_them_are_taken(office: Office, provider: SamlProvider) -> None:
    told = provider.metadata().replace(b"<md:IDPSSODescriptor", b'<md:IDPSSODescriptor WantAuthnRequestsSigned="true"')
    assert declare(office, provider, metadata=b"\xef\xbb\xbf" + told).issuer == provider.issuer
    whole = b'<m:EntitiesDescriptor xmlns:m="urn:oasis:names:tc:SAML:2.0:metadata">%b</m:EntitiesDescriptor>'
    assert declare(office, provider, metadata=whole % provider.metadata()).issuer == provider.issuer


def test_each_refusal_has_its_row_in_the_reference() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "identity-providers.md").read_text(
        encoding="utf-8"
    )
    named = {one.code for one in SamlRefused.__subclasses__()} | {SamlMetadataRefused.code}
    assert set(re.findall(r"^\| `(saml_\w+)` ", page, re.MULTILINE)) == named
    assert {code for _, code in FAULTS.values()} <= named

"""Packets that are signed as XML, as some existing software does, and what an attacker makes of one."""

from cryptography import x509
from lxml import etree
from signxml import methods
from signxml.signer import XMLSigner

from lienthong.testing.pki import Identity

DSIG = "http://www.w3.org/2000/09/xmldsig#"


def signed(packet: bytes, signer: Identity) -> bytes:
    """The packet with an enveloped signature in its header, sound and over all of it."""
    root = etree.fromstring(packet)
    header = next(root.iter("{*}edXMLHeader"))
    etree.SubElement(header, f"{{{DSIG}}}Signature", {"Id": "placeholder"}, nsmap={None: DSIG})  # type: ignore[dict-item]
    made = XMLSigner(method=methods.enveloped).sign(
        root, key=signer.private_key, cert=[x509.load_der_x509_certificate(signer.certificate)]
    )
    return etree.tostring(made, xml_declaration=True, encoding="UTF-8")


def wrapped(packet: bytes, *, subject: str, other: str) -> bytes:
    """The signed header moved into its signature, where a signature's reader finds it; outside stands another subject."""
    text = packet.decode()
    begin, end = text.index("<edXML:MessageHeader>"), text.index("</edXML:MessageHeader>")
    header = text[begin:end] + "</edXML:MessageHeader>"
    assert subject in header
    moved = text[:begin] + header.replace(subject, other) + text[begin + len(header) :]
    return moved.replace("</Signature>", f"<Object>{header}</Object></Signature>", 1).encode()

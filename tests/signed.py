"""Notices signed with keys of our own, and the DNS that has those keys: what AWS's signatures would look like."""

import base64
from dataclasses import dataclass
from functools import cache

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from lambdas.domain.phrase import phrase
from lambdas.signatures import NoDnsRecord
from tests.mails.notices import SPECIMENS
from tests.mails.ways import passing, ses_block

ADMIN = "ada@example.com"
SELECTOR = "k1"
NOTICE = SPECIMENS[0]
COVERED = ("from", "to", "subject", "date", "message-id", "content-type", "mime-version", "content-transfer-encoding")
INNER = (
    f"From: {NOTICE.sender}\n"
    "To: root@example.com\n"
    f"Subject: {NOTICE.subject}\n"
    f"Date: {NOTICE.date}\n"
    "Message-ID: <0100-signed@email.amazonses.com>\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=utf-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    f"\n{NOTICE.body}"
).encode()


@dataclass(frozen=True)
class Key:
    """A key to sign with, and the TXT record that shows its public half (RFC 6376, section 3.6.1)."""

    private: bytes
    record: bytes


@cache
def key(_name: str = "ours") -> Key:
    """The key of that name, made when it is first asked for."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = made.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Key(
        made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        ),
        b"v=DKIM1; k=rsa; p=" + base64.b64encode(public),
    )


# The libraries make no key as short as this any more.
SHORT = Key(
    b"""-----BEGIN RSA PRIVATE KEY-----
MIIBOgIBAAJBAMbr3lG6IkTbg5Ln/nZeY/dB4DAS+/phyOMGjnHUpsIhCPJ6oNP0
oq/Idgm+CoHDBEZ5WcKOYKGfdPQvCR1mcC8CAwEAAQJAUEOkNT3xze71LDXIC2MS
2xYNq9g9LE6AjHp8x5mSoAmWNYCG9Ifk4Vj2cShqfnzXKYhwwwf+YkvtCMSCcIS4
YQIhAOb0iMVwa4n9Ftlb76rNFlfc6FzGoCcRK22E+TGX+kIFAiEA3H4NxaefT10F
GgF/k0HT2HTgnrKooBTdXO3IL1/ee6MCIE6ualYRSaG2Bm3Ag3MF8aG3UbYhuPf2
QnxKO/coVordAiEAvv1xcISBun0Yri4eE7AxkI2tA8o9xmxMUvKlNGQWk4ECICMV
llvekK6w4zOt1eRKu52OjFddUHcQqGYmg/57RI00
-----END RSA PRIVATE KEY-----
""",
    b"v=DKIM1; k=rsa; p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMbr3lG6IkTbg5Ln/nZeY/dB4DAS+/phyOMGjnHU"
    b"psIhCPJ6oNP0oq/Idgm+CoHDBEZ5WcKOYKGfdPQvCR1mcC8CAwEAAQ==",
)


def signed(
    mail: bytes = INNER,
    domain: str = "amazon.com",
    *,
    by: Key | None = None,
    covered: tuple[str, ...] = COVERED,
    length: bool = False,
    algorithm: bytes = b"rsa-sha256",
) -> bytes:
    """The mail with a signature on top."""
    signature = dkim.sign(
        mail,
        SELECTOR.encode(),
        domain.encode(),
        (by or key()).private,
        canonicalize=(b"relaxed", b"simple"),
        signature_algorithm=algorithm,
        include_headers=[name.encode() for name in covered],
        length=length,
    )
    return signature.replace(b"\r\n", b"\n") + mail


def attached(
    *mails: bytes, sender: str = ADMIN, in_base64: bool = False, as_file: bool = False, said: str = ""
) -> bytes:
    """A mail of somebody who attaches others, as SES hands it in."""
    kind = 'application/octet-stream; name="notice.eml"' if as_file else "message/rfc822"
    encoding = "base64" if in_base64 else "8bit"
    part = f"--=_cut\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n".encode()
    header = (
        ses_block(sender, passing(sender.rpartition("@")[2].lower())).encode()
        + (
            f"From: Ada <{sender}>\nTo: abuse-intake@in.example.net\nSubject: please take care\n"
            "Date: Tue, 10 Sep 2024 09:00:00 +0000\nMessage-ID: <passed-on@example.com>\n"
            'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=_cut"\n\n'
            f"--=_cut\nContent-Type: text/plain; charset=utf-8\n\n{said or 'see attached'}\n"
        ).encode()
    )
    bodies = [base64.encodebytes(mail) if in_base64 else mail for mail in mails]
    return header + b"".join(part + body + b"\n" for body in bodies) + b"--=_cut--\n"


class Dns:
    """What DNS says: our key for AWS's domains, or whatever a test lets it say. Keeps what it was asked."""

    def __init__(self, answer: bytes | Exception | None = None) -> None:
        self.answer = key().record if answer is None else answer
        self.asked: list[str] = []

    def __call__(self, name: str) -> bytes:
        self.asked.append(name)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


NO_KEY = NoDnsRecord(phrase("signature:no_key"))

"""Ways to spoil a mail: as transports and forwarders do, and as somebody who wants an instance named would."""

import base64
import random
from collections.abc import Callable, Sequence
from pathlib import Path

MAILS = Path(__file__).parents[1] / "mails"
BOUNDARY = b"---Beginning of forwarded report(s)---"
_MOST = 24 << 10  # bytes of one input; what is larger has its own cases
_BULKY = (b"dkim-signature", b"x-ses-", b"arc-", b"received:", b"received-spf", b"feedback-id")

WORDS = (
    b"AWS ID: 600400300200    Region: us-west-1    EC2 Instance Id: i-0123abcd4567ef890 [192.0.2.9]\n",
    *(b"AWS Account ID: 600400300200\n", b"EC2 Instance Id: i-0fedcba9876543210\n", b"Region(s): eu-south-2\n"),
    *(b"Abuse Case Number: 10987654321-1\n", b"Reported Activity: Phishing\n", b"Instance Id: i-1a2b3c4d\n"),
    *(b"arn:aws:ec2:us-east-1:600400300200:instance/i-0aa0aa0aa0aa0aa0a ", b"[AWS ID 600400300200]", b"i-0123"),
    *(b"Hello,\n\nWe've received a report(s) that your AWS resource(s)\n", b"** FINAL NOTIFICATION **\n"),
    *(b"This case has been resolved.\n", b"Please reply within 2 hours.\n", b"by 2031-02-30 25:61 PST\n"),
    *(b"Regards,\nAWS Trust & Safety\n", b"Best regards,\nAWS Abuse\n", b"\n" + BOUNDARY + b"\n"),
    *(b"\n---End of forwarded report(s)---\n", b"===== Details ======\n", b"* Log Extract:\n<<<\n", b"\n>>>\n"),
    *(b"---------- Forwarded message ---------\n", b"Begin forwarded message:\n\n", b"\n-- \n", b"________________\n"),
    *(b"From: ec2-abuse@amazon.com\nSubject: Your AWS Abuse Report [10987654321]\n\n", b"On Monday AWS wrote:\n"),
    *(b"Von: AWS <trustandsafety@support.aws.com>\nBetreff: Your AWS Abuse Report\n\n", b"{quote}", b"{{i-0123}}"),
    *(b"Source IP: 203.0.113.250\n", b"Destination IPs: 192.0.2.250\n", b"(attacker's IP) (IP being scanned)\n"),
    *(
        b"203.0.113.249 192.0.2.1 22\n",
        b"2001:db8::1",
        b"::ffff:192.0.2.1",
        b"999.1.2.3",
        b"hxxps://evil[.]example/a\n",
    ),
    *(b"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example", b"https://[bad/", b"http://"),
    *(
        b"<wbr>",
        b"<table><tr><td>",
        b"<div style='display:none'>",
        b"<!--",
        b"</p>",
        b"&nbsp;",
        b"&#99999999999;",
        b"<",
    ),
    *(
        b"=\n",
        b"=3D",
        b"=20\n",
        b"=?utf-8?B?WW91ciBBV1M=?= =?utf-8?Q?_Abuse?=",
        b"\xe2\x80\x8b",
        b"\xe2\x80\x91",
        b"\xef\xbb\xbf",
    ),
    *(
        b"\x1b$B",
        b"\x1b(B",
        b"\x00",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\xef\xbc\x9a",
        b"\xe3\x80\x82",
        b"\r",
        b"\t",
        b"> > > ",
    ),
    *(
        (
            b'{"detail-type": "AWS Health Abuse Event", "detail": {"eventTypeCode": "AWS_ABUSE_DOS_REPORT", '
            b'"affectedEntities": [{"entityValue": "i-0aa0aa0aa0aa0aa0a"}]}}'
        ),
        b'{"a":' * 40,
    ),
    *(b"\n\n", b": ", b" ", b"1" * 15, b"[" * 30, b"(" * 30, b"A" * 60, b"* " * 40, b"a " * 200, b"- " * 100),
)
FIELDS = (
    b"Content-Type: text/plain; charset=utf-16",
    *(b"Content-Type: text/html; charset=iso-2022-jp", b"Content-Type: text/plain; charset=utf-7"),
    *(b"Content-Type: text/plain; format=flowed; delsp=yes", b'Content-Type: multipart/mixed; boundary="x"'),
    *(
        b"Content-Type: multipart/digest; boundary=",
        b"Content-Type: message/rfc822",
        b"Content-Type: text/plain; a*0*=b",
    ),
    *(b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: quoted-printable", b"Auto-Submitted: no"),
    *(b"From: AWS <trustandsafety@support.aws.com>", b"From: a@b.example, c@d.example", b"Reply-To: x@y.example"),
    *(b"Date: Thu, 99 Foo 2025 99:99:99 +9999", b"Date: Fri, 31 Dec 9999 23:59:59 -2359", b"List-ID: <l.example.org>"),
    *(b"Subject: RE: Your AWS Abuse Report [10987654321-1] [AWS ID 600400300200]", b"Subject: [CASE 176679531900745]"),
    b"Subject: =?iso-2022-jp?B?GyRC?= =?gb2312?Q?=C4?=",
)

Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def seeds() -> list[bytes]:
    """Every mail of the corpus that is small, without the signatures, which only cost time."""
    mails = [path.read_bytes() for path in sorted(MAILS.glob("*/*.eml"))]
    return [_lean(mail) for mail in mails if len(mail) < _MOST]


def with_boundary(mail: bytes) -> bytes:
    """Put AWS's boundary below a mail that has none, so that a report can follow."""
    return mail if BOUNDARY in mail else mail + b"\n\n" + BOUNDARY + b"\n"


def mutated(rng: random.Random, mails: Sequence[bytes]) -> bytes:
    """Return one input: mostly a mail with a few changes, now and then nothing but words or bytes."""
    kind = rng.random()
    if kind < 0.15:
        return rng.randbytes(rng.randrange(400))
    if kind < 0.35:
        head = b"\n".join(rng.sample(FIELDS, rng.randrange(1, 5)))
        return head + b"\n\n" + b"".join(rng.choices(WORDS, k=rng.randrange(1, 14)))
    mail = rng.choice(mails)
    if kind < 0.6:  # a header with a piece of a body
        head, _, body = mail.partition(b"\n\n")
        start = rng.randrange(len(body) + 1)
        mail = head + b"\n\n" + body[start : start + rng.randrange(1200)]
    for _ in range(rng.randrange(1, 6)):
        mail = rng.choice(_MUTATIONS)(rng, mail, mails)[:_MOST]
    return mail


def with_other_report(rng: random.Random, mail: bytes, mails: Sequence[bytes]) -> bytes:
    """Change only what stands below AWS's boundary line: what a reporter can write."""
    end = mail.index(BOUNDARY) + len(BOUNDARY)
    report = mail[end:] + b"\n" + b"".join(rng.choices(WORDS, k=rng.randrange(1, 12)))
    for _ in range(rng.randrange(4)):
        report = rng.choice((_flip, _drop, _insert, _repeat, _quote, _digits))(rng, report, mails)
    return mail[:end] + b"\n" + report


def _lean(mail: bytes) -> bytes:
    head, blank, body = mail.replace(b"\r\n", b"\n").partition(b"\n\n")
    fields: list[bytes] = []
    for line in head.split(b"\n"):
        if line[:1] in {b" ", b"\t"} and fields:
            fields[-1] += b"\n" + line
        else:
            fields.append(line)
    return b"\n".join(field for field in fields if not field.lower().startswith(_BULKY)) + blank + body


def _flip(rng: random.Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    data = bytearray(mail)
    for _n in range(rng.randrange(1, 8)):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def _drop(rng: random.Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(mail) + 1)
    return mail[:start] + mail[start + rng.randrange(200) :]


def _insert(rng: random.Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(mail) + 1)
    return mail[:at] + rng.choice(WORDS) + mail[at:]


def _insert_line(rng: random.Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    at = mail.find(b"\n", rng.randrange(len(mail) + 1)) + 1
    return mail[:at] + rng.choice(WORDS) + mail[at:]


def _repeat(rng: random.Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(mail) + 1)
    piece = mail[start : start + rng.randrange(80)]
    return mail[:start] + piece * rng.randrange(2, 60) + mail[start:]


def _splice(rng: random.Random, mail: bytes, mails: Sequence[bytes]) -> bytes:
    other = rng.choice(mails)
    return mail[: rng.randrange(len(mail) + 1)] + other[rng.randrange(len(other)) :]


def _field(rng: random.Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    return rng.choice(FIELDS) + b"\n" + mail


def _swap_fields(rng: random.Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    head, blank, body = mail.partition(b"\n\n")
    lines = head.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines) + blank + body


def _quote(rng: random.Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    head, blank, body = mail.partition(b"\n\n")
    mark = rng.choice((b"> ", b">", b">> ", b"\t", b"| "))
    return head + blank + body.replace(b"\n", b"\n" + mark)


def _rewrap(rng: random.Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    width = rng.randrange(10, 80)
    head, blank, body = mail.partition(b"\n\n")
    return head + blank + b"\n".join(body[at : at + width] for at in range(0, len(body), width))


def _digits(rng: random.Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    return mail.replace(b"%d" % rng.randrange(10), rng.choice((b"", b"x", b"00", b"%d" % rng.randrange(10))))


def _attach(rng: random.Random, mail: bytes, mails: Sequence[bytes]) -> bytes:
    parts = [mail, *rng.choices(mails, k=rng.randrange(3))]
    wrapped = b"".join(b"--b\nContent-Type: message/rfc822\n\n" + part + b"\n" for part in parts)
    return b"From: a@example.org\nSubject: fwd\n" + b'Content-Type: multipart/mixed; boundary="b"\n\n' + wrapped


def _forward(_rng: random.Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    head, _blank, body = mail.partition(b"\n\n")
    named = b"\n".join(line for line in head.split(b"\n") if line.lower().startswith((b"from:", b"subject:", b"date:")))
    return b"From: a@example.org\nSubject: Fwd: x\n\nsee below\n\n---- Forwarded ----\n" + named + b"\n\n" + body


def _encode(rng: random.Random, mail: bytes, _: Sequence[bytes]) -> bytes:
    head, _blank, body = mail.partition(b"\n\n")
    return head + b"\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(body)[: rng.randrange(40, 4000)]


_MUTATIONS: tuple[Mutation, ...] = (
    *(_flip, _drop, _insert, _insert_line, _insert_line, _repeat, _splice, _field, _swap_fields),
    *(_quote, _rewrap, _digits, _attach, _forward, _encode),
)

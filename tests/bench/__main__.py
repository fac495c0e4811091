"""`python -m tests.bench`: mails of 16 KB and 40 MB, what a function imports before it runs, and whole responses."""

import email
import logging
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import mailparser

from lambdas.domain.reading import read_notice
from tests.bench import response

ROOT = Path(__file__).parents[2]
NOTICE = ROOT / "tests" / "mails" / "generated" / "t1-first-2017.direct.8bit.eml"
_LOG = b"Sep 13 22:14:07 gw1 sshd[20411]: Failed password for root from 203.0.113.24 port 51922 ssh2\n"
_HEAD = b"From: ec2-abuse@amazon.com\nSubject: Your AWS Abuse Report [10400000017]\nMIME-Version: 1.0\n"
_MEASURED = (
    "import resource, sys, time; from pathlib import Path; from lambdas.domain.reading import read_notice;"
    "raw = Path(sys.argv[1]).read_bytes(); start = time.perf_counter(); read_notice(raw);"
    "print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
)


def notice(size: int) -> bytes:
    """Return a notice whose quoted log fills it up to `size`."""
    head = NOTICE.read_bytes()
    return (head + b"\n" + _LOG * (size // len(_LOG) + 1))[:size]


def hostile(size: int) -> Iterator[tuple[str, bytes]]:
    """Yield mails of `size` bytes that ask for much work."""
    text, multipart = b"Content-Type: text/plain\n\n", b'Content-Type: multipart/mixed; boundary="b"\n\n'
    yield "one log of 40 MB", notice(size)
    yield "one line", _HEAD + text + b"i-" * (size // 2)
    yield "empty lines", _HEAD + text + b"\n" * size
    yield "blanks in lines", _HEAD + text + (b" " * 2000 + b"x\n") * (size // 2002)
    yield "open tags", _HEAD + b"Content-Type: text/html\n\n" + b"<div " * (size // 5)
    yield "parts", _HEAD + multipart + b"--b\n\nx\n" * (size // 7)
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000))
    yield "nested parts", (_HEAD + nested).ljust(size, b"\n")
    yield "header fields", _HEAD + b"X-A: b\n" * (size // 7)
    yield "quote marks", _HEAD + text + b"> " * (size // 2)
    yield "labels", _HEAD + text + b"AWS Account ID: 210987654321\n" * (size // 29)


def milliseconds(run: Callable[[], object], times: int) -> float:
    taken: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


def start_of(modules: str, times: int = 5) -> float:
    """Return the milliseconds that a fresh Python takes to import `modules`, the best of some runs."""
    code = f"import time; start = time.perf_counter(); import {modules}; print(time.perf_counter() - start)"
    runs = [subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
            for _ in range(times)]  # fmt: skip
    return min(float(run.stdout) for run in runs) * 1000


def handlers() -> list[str]:
    files = sorted(
        path for path in (ROOT / "lambdas").rglob("*.py") if re.search(r"^def handler", path.read_text(), re.MULTILINE)
    )
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]


def main() -> None:
    raw, corpus = notice(16 << 10), [path.read_bytes() for path in sorted((ROOT / "tests" / "mails").rglob("*.eml"))]
    print(f"median milliseconds: a notice of 16 KB, and a mail of the corpus ({len(corpus)})")
    for name, read in READERS.items():
        each = statistics.median(milliseconds(partial(read, mail), 1) for mail in corpus)
        print(f"  {milliseconds(partial(read, raw), 100):7.2f}  {each:7.2f}  {name}")
    print("hostile mails of 40 MB, seconds and peak memory of the process")
    file = Path("/tmp") / "abuse-responder-bench.eml"  # noqa: S108 - written and read by this run alone
    for name, mail in hostile(40 << 20):
        file.write_bytes(mail)
        run = subprocess.run([sys.executable, "-c", _MEASURED, str(file)], cwd=ROOT, check=True, capture_output=True)
        seconds, peak = run.stdout.split()
        print(f"  {float(seconds):7.2f}  {int(peak) >> 10:4} MiB  {name}")
    file.unlink()
    boto3 = start_of("boto3")
    print(f"imports of each function, milliseconds beside boto3 alone ({boto3:.0f})")
    print(f"  {start_of('lambdas.domain.reading'):7.0f}        the reader alone, without boto3")
    for module in handlers():
        taken = start_of(module)
        print(f"  {taken:7.0f}  {taken / boto3:5.2f}  {module}")
    logging.disable(logging.CRITICAL)  # the functions' own
    response.main()


def _decoded(raw: bytes) -> list[object]:
    message = email.message_from_bytes(raw)
    return [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]


READERS: dict[str, Callable[[bytes], object]] = {
    "this reader, down to the notice": read_notice,
    "the standard library's email alone, all parts decoded": _decoded,
    "mail-parser, all parts decoded": mailparser.parse_from_bytes,
}


if __name__ == "__main__":
    main()

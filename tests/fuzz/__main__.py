"""`python -m tests.fuzz 1000000`: many mutated mails in two processes, and what they broke."""

import argparse
import multiprocessing
import random
import re
import resource
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from lambdas.domain.intake.notice import NoticeKind
from tests.fuzz import laws, mutations

_MOST_KEPT = 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs", type=int)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    kept = Path(tempfile.mkdtemp(prefix="fuzz-"))
    share = options.inputs // options.processes
    started = time.perf_counter()
    with multiprocessing.Pool(options.processes) as pool:
        work = [(options.seed + number, share, kept) for number in range(options.processes)]
        results = pool.starmap(run, work)
    broken: Counter[str] = sum((result[0] for result in results), Counter())
    print(
        f"{share * options.processes} inputs in {time.perf_counter() - started:.0f} s, {broken.total()} broke a law, "
        f"slowest {max(result[1] for result in results) * 1000:.0f} ms, "
        f"peak memory {max(result[2] for result in results) >> 10} MiB a process"
    )
    for law, count in broken.most_common(20):
        print(f"{count:6}  {law}")
    print(f"inputs that broke a law are kept in {kept}" if broken else "")
    return 1 if broken else 0


def run(seed: int, count: int, kept: Path) -> tuple[Counter[str], float, int]:
    """Try `count` inputs; return how often each law broke, the longest seconds, and the peak memory in KiB."""
    rng = random.Random(seed)  # noqa: S311 - the same seed must give the same inputs
    mails = mutations.seeds()
    reports = [(mail, laws.acted_on(mail)) for mail in map(mutations.with_boundary, mails) if plain(mail)]
    broken: Counter[str] = Counter()
    longest = 0.0
    for number in range(count):
        started = time.perf_counter()
        if number % 10 == 0:
            mail, expected = rng.choice(reports)
            raw = mutations.with_other_report(rng, mail, mails)
            found = checked(lambda raw=raw, expected=expected: not_moved(raw, expected))
        else:
            raw = mutations.mutated(rng, mails)
            found = checked(lambda raw=raw: laws.broken_laws(raw))
        longest = max(longest, time.perf_counter() - started)
        for law in found:
            broken[law] += 1
        if found and broken.total() <= _MOST_KEPT:
            (kept / f"{seed}-{number}.eml").write_bytes(raw)
    return broken, longest, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def checked(law) -> list[str]:
    try:
        return law()
    except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
        return [traceback.format_exc(limit=-3)]


def not_moved(raw: bytes, expected: tuple[object, ...]) -> list[str]:
    got = laws.acted_on(raw)
    return [f"the report changed {was!r} to {now!r}" for was, now in zip(expected, got, strict=True) if was != now]


def plain(mail: bytes) -> bool:
    """Say whether AWS itself sent the mail as one part of text, so that the boundary's place in the bytes is its place.

    What follows a quotation of older mails is theirs, not a report of AWS's.
    """
    head, _, body = mail.lower().partition(b"\n\n")
    if body.count(mutations.BOUNDARY.lower()) != 1 or b"\n>" in body or b"wrote:" in body or not mail.isascii():
        return False
    encoded = any(word in head for word in (b"multipart/", b"base64", b"quoted-printable", b"utf-16", b"html", b"2022"))
    from_aws = re.search(rb"^from:[^\n]*@(?:amazon\.com|support\.aws\.com|sns\.amazonaws\.com)>?$", head, re.MULTILINE)
    return bool(from_aws) and not encoded and laws.acted_on(mail)[0] is not NoticeKind.NONE


if __name__ == "__main__":
    raise SystemExit(main())

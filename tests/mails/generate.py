"""Write the generated part of the corpus: `python -m tests.mails.generate`. Deterministic, and a test holds it to that.

Each specimen goes some ways in some encodings, by rotation. The mails in `odd/` are written by hand: look-alikes that
are no notices, attacks, threads, digests. A mail there is a file of its own; its labels stand beside it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.mails import accounts, notices, ways
from tests.mails.notices import Specimen

FOLDER = Path(__file__).parent / "generated"
BY_HAND = Path(__file__).parent / "odd"
WAYS_EACH = 4

SPECIMENS: tuple[Specimen, ...] = notices.SPECIMENS + accounts.SPECIMENS
NOT_KNOWN_AWS_WITHOUT_HEADER = {"t18-letter": {"jira"}}  # nothing in it says abuse but its sender


def corpus() -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """Yield name, bytes and labels of every mail."""
    chosen_ways, encodings = list(ways.INLINE), list(ways.ENCODINGS)
    for number, specimen in enumerate(SPECIMENS):
        for turn in range(WAYS_EACH):
            step = number * WAYS_EACH + turn
            way, encoding = chosen_ways[step % len(chosen_ways)], encodings[(step + step // 15) % len(encodings)]
            if way in NOT_KNOWN_AWS_WITHOUT_HEADER.get(specimen.name, ()):
                way = "direct"
            if not ways.fits(specimen, way, encoding):
                encoding = "quoted_printable"
            raw, proven = ways.mail(specimen, way, encoding)
            yield f"{specimen.name}.{way}.{encoding}", raw, specimen.expected() | {"proven_from_aws": proven}
    for specimen, options in zip(SPECIMENS, _attachments(), strict=False):
        name = "-".join(("attached", *options))
        raw = ways.attached(specimen, **options)
        yield f"{specimen.name}.{name}", raw, specimen.expected() | {"proven_from_aws": False}


def _attachments() -> Iterator[dict[str, bool]]:
    for _ in range(6):
        yield from ({}, {"as_file": True}, {"in_base64": True}, {"as_file": True, "in_base64": True})


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    for name, raw, labels in corpus():
        (FOLDER / f"{name}.eml").write_bytes(raw)
        (FOLDER / f"{name}.json").write_text(json.dumps(labels, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

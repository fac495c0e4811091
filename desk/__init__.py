"""What an admin runs: `python -m desk …`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  whoever types python3 may get an old one: it must be able to say so
    print(f"The desk needs Python 3.11 or later; this is {sys.version.split()[0]}.", file=sys.stderr)
    print("Run `make setup`, then use .venv/bin/python -m desk.", file=sys.stderr)
    sys.exit(2)

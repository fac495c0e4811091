"""The admins' commands: `python -m desk …`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  `python3` may be an old version, and should then say so
    print(f"The desk needs Python 3.11 or later; this is {sys.version.split()[0]}.", file=sys.stderr)
    print("Run `make setup`, then use .venv/bin/python -m desk.", file=sys.stderr)
    sys.exit(2)

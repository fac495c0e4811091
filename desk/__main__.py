"""`python -m desk`: the admin's command line."""

import argparse
import sys

from desk.errors import DeskError
from desk.read import read


def main() -> int:
    """Parse the command line and run what it names."""
    parser = argparse.ArgumentParser(prog="python -m desk")
    commands = parser.add_subparsers(dest="command", required=True)
    reading = commands.add_parser("read", help="say what stored mails mean, one JSON object a line")
    reading.add_argument("mail", nargs="+")
    options = parser.parse_args()
    try:
        return read(options.mail, sys.stdout)
    except DeskError as error:
        print(f"desk {options.command}: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

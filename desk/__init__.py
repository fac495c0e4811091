"""What an admin runs: `python -m desk …`."""

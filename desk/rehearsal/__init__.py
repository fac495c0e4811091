"""The whole system on one machine: the real template and functions on emulated services."""

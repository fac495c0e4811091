"""The whole system on one machine: the real template, the untouched handlers, emulated services."""

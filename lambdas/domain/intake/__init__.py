"""What comes in: an arrival, its mail addresses, and the notice that is read from it."""

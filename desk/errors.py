"""What the desk cannot do, in words for the person at the keyboard."""


class DeskError(Exception):
    """Something that the person can put right; the message says what is wrong, where, and what would be right."""

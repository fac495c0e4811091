"""The reader: bytes of a mail in, `Notice` out. Pure, and it never raises."""

from lambdas.domain.reading.reader import read_health_event, read_notice

__all__ = ["read_health_event", "read_notice"]

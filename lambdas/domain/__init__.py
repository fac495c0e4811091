"""The rules of the responder: data in, data out. No AWS, no environment, no clock, no log."""

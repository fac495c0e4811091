"""A case: its identity, timeline, clock, open tasks and the admins' actions."""

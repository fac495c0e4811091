"""Least privilege, proven: every AWS call of every scenario against the policies that are deployed."""

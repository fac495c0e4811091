"""Instances and addresses: what they are, where they were found, and what else a notice names."""

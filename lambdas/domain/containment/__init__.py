"""How an instance is contained, what is recorded of it, and how that is checked."""

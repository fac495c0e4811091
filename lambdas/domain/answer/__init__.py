"""The answer to AWS: its draft, its mail link, and how a sent answer is recognised."""

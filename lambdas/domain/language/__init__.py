"""The texts of the messages, pages and phrases in each language."""

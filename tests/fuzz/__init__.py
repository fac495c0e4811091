"""Mutated mails against the laws that the reader keeps on any bytes. `make fuzz N=1000000`"""

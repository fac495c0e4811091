"""How fast the reader reads, the functions start and an instance is contained. `make bench`"""

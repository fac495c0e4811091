"""How fast the reader reads and the functions start. `make bench`"""

"""Every AWS call of a whole response fails in every way, one at a time. `make sweep`"""

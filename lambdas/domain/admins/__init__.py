"""admins"""

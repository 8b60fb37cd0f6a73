"""The plots of `docs/performance`, by matplotlib, in an environment of their own: no other library.

The same results make the same files, byte by byte.
"""

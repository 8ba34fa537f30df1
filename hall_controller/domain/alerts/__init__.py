"""Which alerts hold now, and when the next will: read from the hall, its rules, and what it is told around it.

Each subject has a module of finders; `find` asks them all.
"""

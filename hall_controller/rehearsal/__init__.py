"""A rehearsed morning: visitors and clerks who speak with a real hall over its real bus, on a clock that is driven.

day draws who comes and how they will behave; visiting and serving are what they do, step by step;
agenda says whose turn it is; stage is the hall they meet; outcome and proof tell what happened.
"""

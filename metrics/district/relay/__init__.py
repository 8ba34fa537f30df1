"""The relay: what halls must tell each other of papers on their way, passed on by the district.

A hall that sends papers says so in its journal, and so does the hall that receives them; neither knows the other's
address. The relay reads both, and tells each what the other has done, as soon as it can be reached.
"""

"""The district's rehearsed day: real controllers, one Prometheus, agents, the ledger, and what goes wrong on a day.

plan draws which halls there are and what befalls them; clock is the one that all people of all halls go by; hall is a
controller and its people; line can be cut; watching is Prometheus; outcome compares the totals in every way there is.
"""

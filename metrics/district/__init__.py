"""What the district has beside its Prometheus: the inventory of halls, and the ledger that counts their visits."""

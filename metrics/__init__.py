"""What the district learns of its halls: metrics for Prometheus, and the ledger of visits."""

"""A hall's figures for Prometheus, and the district's view over all halls."""

"""The Grafana dashboards, as code: `python -m metrics.dashboards` writes deploy/grafana/dashboards."""

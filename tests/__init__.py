"""A package, so that the `tests` which another distribution installs beside itself do not stand in its place."""

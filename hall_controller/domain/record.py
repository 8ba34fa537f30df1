"""What every table of settings is, and how large a hall may be."""

import msgspec

COUNTERS_MAX = 200


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the rules: read from TOML, so an unknown key is a typing error and not a wish."""

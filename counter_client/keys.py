"""What a key does, as it stands under the key and in the help: the same for clerk, greeter and manager."""

import msgspec

from counter_client.words import Words


class Key(msgspec.Struct, frozen=True):
    key: str
    label: Words
    """As it stands under the key: two Chinese characters, one English word."""
    help: Words

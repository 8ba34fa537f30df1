"""What commands that ask a hall share: its bundle, and its state now."""

from pathlib import Path

from hall_controller.bus import wire
from hall_controller.bus.bundle import Bundle, BundleError, load_bundle
from hall_controller.bus.client import HallClient
from hall_controller.part import Trouble


def bundle_of(path: Path, device: str) -> Bundle:
    """Raises Trouble."""
    try:
        return load_bundle(path, device)
    except BundleError as error:
        raise Trouble(str(error)) from None


async def snapshot_of(bundle: Bundle) -> wire.SnapshotReply:
    """Raises Trouble, NoController."""
    async with HallClient(bundle) as client:
        reply = await client.ask(wire.Snapshot())
        if not isinstance(reply, wire.SnapshotReply):
            raise Trouble(reply.message)
        return reply

"""`[device.printer]` of hall.toml: how tickets come out."""

from enum import StrEnum

import msgspec


class Transport(StrEnum):
    SCREEN = "screen"
    NETWORK = "network"
    USB = "usb"
    SERIAL = "serial"
    FILE = "file"


class Chinese(StrEnum):
    """Where the glyphs come from: the printer's own GB18030 font, or a picture of the ticket."""

    ROM = "rom"
    IMAGE = "image"


class QrCode(StrEnum):
    NATIVE = "native"
    IMAGE = "image"


class Barcodes(StrEnum):
    NATIVE = "native"
    IMAGE = "image"


class Cut(StrEnum):
    FULL = "full"
    PART = "part"
    NONE = "none"


class Confirm(StrEnum):
    """What must be heard before a ticket counts as printed."""

    PRINTED = "printed"
    """The printer's answer to a question that it reads only after the ticket (GS r), then its status."""
    STATUS = "status"
    """Its real-time status alone (DLE EOT), for printers that do not answer GS r."""
    NONE = "none"
    """Nothing: for a printer that never answers."""


class PrinterSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kiosk: str = "kiosk"
    """The kiosk whose tickets come out here."""
    transport: Transport = Transport.SCREEN
    """`screen` needs no printer: it shows the tickets on a page."""
    host: str = "127.0.0.1"
    """screen: the address that the page listens on."""
    port: int = 0
    """screen: the port of the page; 0 takes a free one and says which."""
    address: str = ""
    """network: the printer's address, e.g. `192.168.1.50` or `192.168.1.50:9100`."""
    device: str = ""
    """serial, file: the device file, e.g. `/dev/ttyUSB0`, `/dev/usb/lp0`."""
    baud: int = 9600
    """serial: the speed set at the printer."""
    usb: str = ""
    """usb: `vendor:product` as lsusb shows it, e.g. `04b8:0e15`."""
    usb_in: int = 0x82
    usb_out: int = 0x01
    """usb: the end points; `lsusb -v` shows them."""
    width_mm: int = 80
    """80 or 58."""
    chinese: Chinese = Chinese.ROM
    qr: QrCode = QrCode.NATIVE
    barcode: Barcodes = Barcodes.NATIVE
    """Of receipts and transfer lists; `image` for a printer that prints none itself."""
    cut: Cut = Cut.PART
    confirm: Confirm = Confirm.PRINTED
    init_hex: str = ""
    """Bytes sent before each ticket, as hexadecimal, for a printer that must be told to speak Chinese."""
    font: str = ""
    """A font file with Chinese, for `chinese = "image"` and the screen; by default one that the system has."""
    phone_url: str | None = None
    """What the QR code says before the token; by default the board of this hall's directory; "" prints no QR code."""
    timeout_s: float = 3.0
    """How long the printer may take for an answer or to be reached."""
    print_timeout_s: float = 8.0
    """How long it may take to print one ticket; a longer paper takes longer."""
    poll_s: float = 5.0
    """How often its status is read."""
    fresh_s: float = 20.0
    """A ticket older than this is not printed any more: its visitor has read the screen and gone."""

    def __post_init__(self) -> None:
        if self.width_mm not in (80, 58):
            raise ValueError(f"width_mm is {self.width_mm}; paper is 80 or 58 mm wide")
        needed = {
            Transport.NETWORK: "address",
            Transport.SERIAL: "device",
            Transport.FILE: "device",
            Transport.USB: "usb",
        }
        name = needed.get(self.transport)
        if name and not getattr(self, name):
            raise ValueError(f"{name} is empty; transport {self.transport.value!r} needs it")
        for seconds in ("timeout_s", "print_timeout_s", "poll_s", "fresh_s"):
            if not 0.05 <= getattr(self, seconds) <= 300:
                raise ValueError(f"{seconds} is {getattr(self, seconds)}; give 0.05 to 300 seconds")
        if not 0 <= self.port <= 65535:
            raise ValueError(f"port is {self.port}; give 0 to 65535")
        self.network_address()
        self.usb_ids()
        self.init_bytes()

    def network_address(self) -> tuple[str, int]:
        host, colon, port = self.address.rpartition(":")
        if not colon:
            return self.address, 9100
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError(f"address {self.address!r} has no valid port; write e.g. 192.168.1.50:9100")
        return host, int(port)

    def usb_ids(self) -> tuple[int, int]:
        vendor, _, product = (self.usb or "0:0").partition(":")
        try:
            return int(vendor, 16), int(product, 16)
        except ValueError:
            raise ValueError(
                f"usb {self.usb!r} is not vendor:product; write it as lsusb does, e.g. 04b8:0e15"
            ) from None

    def init_bytes(self) -> bytes:
        try:
            return bytes.fromhex(self.init_hex)
        except ValueError:
            raise ValueError(f"init_hex {self.init_hex!r} is not hexadecimal; write e.g. '1b 39 00'") from None

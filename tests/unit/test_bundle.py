"""A device's bundle: one file to carry, that reads back as it was written."""

from pathlib import Path

from hall_controller.bus.bundle import Bundle, load_bundle, save_bundle
from hall_controller.bus.keys import make_pair
from hall_controller.domain.sender import Role


def test_settings_of_every_shape_come_along(tmp_path: Path) -> None:
    hall, own = make_pair(), make_pair()
    settings = {
        "zh": '引号"和\\', "port": 80, "on": True, "keys": ["一", "b"], "table": {"app one": "a", "deep": {"n": [1.5]}},
    }  # fmt: skip
    bundle = Bundle(
        hall="BA001", name="gateway", role=Role.GATEWAY, commands="tcp://127.0.0.1:1", events="tcp://127.0.0.1:2",
        server_public_key=hall.public_key, public_key=own.public_key, secret_key=own.secret_key, settings=settings,
    )  # fmt: skip
    file = tmp_path / "gateway.toml"
    save_bundle(bundle, file)
    assert load_bundle(file) == bundle
    assert file.stat().st_mode & 0o777 == 0o600

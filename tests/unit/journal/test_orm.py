"""The hall's own processes load what they need."""

import subprocess
import sys


def test_a_controller_loads_no_driver_of_another_database_and_hides_none() -> None:
    code = (
        "import sys, hall_controller.controller\n"
        "assert 'peewee' in sys.modules and 'psycopg' not in sys.modules\n"
        "import psycopg"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

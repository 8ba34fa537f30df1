"""`python -m hall_controller`: the `hall` command, where the script is not on the path."""

from hall_controller.cli import main

main(prog_name="hall")

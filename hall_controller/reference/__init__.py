"""The reference tables in docs/, rendered from the code: `python -m hall_controller.reference` rewrites them."""

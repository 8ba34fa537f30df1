"""The greeter's terminal at the door: give tickets out, find them, put them right."""

"""A simulated day: how callers, crews, vehicles and dispatchers behave. Decided purely; others carry it out."""

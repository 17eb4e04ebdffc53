"""charge-tui: a dispatcher's desk in a terminal for EV-charging reservations on the Charge API.

The rooms, each of which imports only those before it: ``domain`` (what a reservation means, pure), ``api`` (the Charge
API over HTTP), ``desk`` (what keeps the picture and the promises), ``tui`` (what is seen and pressed). ``sandbox`` is
the same API as a server and knows only ``domain``; ``config`` stands beside ``api``; ``cli`` is on top and imports
lazily.
"""

__version__ = "0.1.0"

"""The commands that draw no screen, each a module with ``add_arguments(parser)`` and ``run(...) -> exit code``.

What they print on standard output is data; what they have to say besides goes to standard error.
"""

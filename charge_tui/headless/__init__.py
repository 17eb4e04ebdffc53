"""The commands, each a module whose ``run`` returns the exit code: those without a screen, and what opens the screen.

What they print on standard output is data; what they have to say besides goes to standard error.
"""

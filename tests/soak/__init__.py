"""The program left running: days on a virtual clock, and minutes of real time on a terminal."""

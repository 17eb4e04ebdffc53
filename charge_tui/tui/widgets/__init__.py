"""What stands on the screen, one widget to a file."""

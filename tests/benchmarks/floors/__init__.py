"""The programs that the desk is compared with: as little of the same libraries as does anything at all."""

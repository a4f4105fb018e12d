"""The command line's commands, a family a module."""

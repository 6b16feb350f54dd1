"""Node: a server that JavaScript makes."""

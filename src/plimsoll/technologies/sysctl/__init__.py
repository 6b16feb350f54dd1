"""The kernel's settings, as sysctl reads them."""

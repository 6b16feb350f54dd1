"""Options of kernel modules, as modprobe reads them."""

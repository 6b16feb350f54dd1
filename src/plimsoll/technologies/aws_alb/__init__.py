"""Load balancers of AWS: application, network, gateway and classic ones."""

"""Kubernetes: workloads with their containers, and the objects that say more of them."""

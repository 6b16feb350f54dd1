"""The ingress controller of Kubernetes that is built on nginx."""

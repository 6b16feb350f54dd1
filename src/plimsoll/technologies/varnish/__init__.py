"""Varnish Cache: varnishd's command line and VCL."""

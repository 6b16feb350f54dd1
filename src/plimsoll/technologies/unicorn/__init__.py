"""unicorn: Ruby web workers of one thread behind one master."""

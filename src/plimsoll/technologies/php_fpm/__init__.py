"""PHP-FPM: pools of PHP processes behind one master."""

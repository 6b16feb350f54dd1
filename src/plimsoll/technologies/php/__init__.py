"""PHP: the settings of the language's runtime."""

"""The limits of logins, as pam_limits sets them."""

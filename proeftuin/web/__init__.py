"""What every screen shares: home, error pages, headers, files, templates."""

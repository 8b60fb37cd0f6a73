"""Technologies, one package each: they drive the application or implement its ports."""

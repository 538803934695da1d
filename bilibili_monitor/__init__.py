"""THE DJANGO PROJECT: settings, addresses, server. Wiring only; what it does lives in the app."""

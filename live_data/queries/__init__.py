"""What pages and the JSON API read from SQL. Knows neither requests nor Redis."""

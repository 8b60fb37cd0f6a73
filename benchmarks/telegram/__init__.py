"""What stands in Telegram's place, and how it is asked."""

"""taskbot: a self-hosted task manager whose face is a Telegram bot."""

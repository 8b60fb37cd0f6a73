"""All of the bot's words: constants, and pure functions from domain objects to text.

Nothing here knows aiogram. English stands in the code, marked for the catalogues in `locales`.
"""

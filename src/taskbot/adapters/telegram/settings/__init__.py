"""How a person is spoken to and reminded: one screen, and a page for each setting.

Nothing is imported here: `routes` needs the screens that a first step leads to, and some of them
lead back to `screen`.
"""

"""What the API is compared with, too: the same four operations in Django REST Framework, tuned.

As somebody who knows the framework would build them and make them quick: a query for the token
with its owner, another for the task or the page with what belongs to it; connections that stay;
nothing in between but what an API needs. Of several ways that the framework has, the quickest one
is taken. It is simpler than taskbot's API: entity tags are those of a version alone, there is no
idempotency, and problems are the framework's own.

It runs in an environment of its own, `.floors`, and is given the same variables as taskbot.
"""

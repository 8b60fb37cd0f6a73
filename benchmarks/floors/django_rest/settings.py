"""Django's, with nothing installed that the API could do without."""

import os
from typing import Any, Final
from urllib.parse import unquote, urlsplit

_DATABASE: Final = urlsplit(os.environ["TASKBOT_DATABASE_URL"])

ALLOWED_HOSTS: Final = ["*"]
APPEND_SLASH: Final = False
ROOT_URLCONF: Final = "benchmarks.floors.django_rest.api"
SECRET_KEY: Final = "signs nothing"  # noqa: S105 - Django does not start without one
TIME_ZONE: Final = "UTC"
USE_I18N: Final = False
# It says how long an answer is.
MIDDLEWARE: Final = ["django.middleware.common.CommonMiddleware"]
DATABASES: Final[dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": _DATABASE.hostname or "",
        "PORT": _DATABASE.port or "",
        "USER": unquote(_DATABASE.username or ""),
        "PASSWORD": unquote(_DATABASE.password or ""),
        "NAME": _DATABASE.path.removeprefix("/"),
        "CONN_MAX_AGE": None,
    }
}
CACHES: Final[dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["TASKBOT_REDIS_URL"],
    }
}
REST_FRAMEWORK: Final[dict[str, Any]] = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
REQUESTS_PER_MINUTE: Final = int(os.environ["TASKBOT_API_REQUESTS_PER_MINUTE"])

"""The four operations, and who may ask for them."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import path, register_converter
from django.utils import timezone
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView
from ulid import ULID

from benchmarks.floors.django_rest.tables import AccessToken, Reminder, Task, User
from taskbot.application.search_words import search_words

_HOUR: Final = timedelta(hours=1)


class BearerToken(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        digest = hashlib.sha256(secret.encode()).digest()
        try:
            token = AccessToken.objects.select_related("owner").get(digest=digest)
        except AccessToken.DoesNotExist:
            raise exceptions.AuthenticationFailed from None
        if token.expires_at is not None and token.expires_at <= timezone.now():
            raise exceptions.AuthenticationFailed
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasScope(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        scope = "tasks:read" if request.method in SAFE_METHODS else "tasks:write"
        return request.auth is not None and scope in request.auth.scopes.split()


class PerToken(BaseThrottle):
    """So many a minute."""

    limit: Final = settings.REQUESTS_PER_MINUTE

    def allow_request(self, request: Request, view: APIView) -> bool:
        key = f"requests:{request.auth.id}"
        try:
            return bool(cache.incr(key) <= self.limit)
        except ValueError:  # the first one of its minute
            cache.add(key, 1, timeout=60)
            return True

    def wait(self) -> float:
        return 60


class NewTask(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    due_at = serializers.DateTimeField()

    def validate_due_at(self, moment: datetime) -> datetime:
        if moment <= timezone.now():
            raise serializers.ValidationError("the deadline is in the past")
        return moment


class Changes(serializers.Serializer):
    title = serializers.CharField(max_length=200)


class TaskSummary(serializers.BaseSerializer):
    def to_representation(self, task: Task) -> dict[str, Any]:
        category, leads = task.category, task.lead_times
        return {
            "id": _ulid(task.id),
            "title": task.title,
            "category": category and {"id": _ulid(category.id), "name": category.name},
            "priority": task.priority,
            "status": task.status,
            "due_at": task.due_at,
            "due_on": task.due_on,
            "timezone": task.timezone or self.context["user"].timezone,
            "lead_times": None if leads is None else [int(lead // 60) for lead in leads],
            "overdue": task.status == "open" and task.ends_at <= self.context["now"],
            "created_at": task.created_at,
            "updated_at": task.updated_at,
            "completed_at": task.completed_at,
            "version": task.version,
        }


class TaskDetails(TaskSummary):
    def to_representation(self, task: Task) -> dict[str, Any]:
        return super().to_representation(task) | {"description": task.description}


class Pages(CursorPagination):
    ordering = ("ends_at", "id")
    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 200

    def get_paginated_response(self, data: Any) -> Response:
        link = urlsplit(self.get_next_link() or "")
        return Response({"items": data, "next_cursor": dict(parse_qsl(link.query)).get("cursor")})


class View(APIView):
    authentication_classes = (BearerToken,)
    permission_classes = (HasScope,)
    throttle_classes = (PerToken,)

    def shown(self, task: Task, *, status: int = 200) -> Response:
        context = {"user": self.request.user, "now": timezone.now()}
        data = TaskDetails(task, context=context).data
        return Response(data, status=status, headers={"ETag": f'"{task.version}"'})


class Tasks(View):
    def get(self, request: Request) -> Response:
        pages, context = Pages(), {"user": request.user, "now": timezone.now()}
        tasks = Task.objects.filter(owner=request.user).select_related("category")
        page = pages.paginate_queryset(tasks, request, view=self)
        return pages.get_paginated_response(TaskSummary(page, many=True, context=context).data)

    def post(self, request: Request) -> Response:
        given = NewTask(data=request.data)
        given.is_valid(raise_exception=True)
        owner, now = request.user, timezone.now()
        title, due_at = given.validated_data["title"], given.validated_data["due_at"]
        moments = (("lead", due_at - _HOUR), ("due", due_at))
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(id=owner.id)
            task = Task.objects.create(
                owner=owner,
                title=title,
                due_at=due_at,
                ends_at=due_at,
                timezone=owner.timezone,
                created_at=now,
                updated_at=now,
                search_words=search_words(title),
            )
            Reminder.objects.bulk_create(
                Reminder(
                    task=task, owner=owner, fire_at=at, available_at=at, kind=kind, created_at=now
                )
                for kind, at in moments
            )
        return self.shown(task, status=201)


class OneTask(View):
    def get(self, request: Request, task_id: UUID) -> Response:
        tasks = Task.objects.select_related("category")
        return self.shown(get_object_or_404(tasks, id=task_id, owner=request.user))

    def patch(self, request: Request, task_id: UUID) -> Response:
        given = Changes(data=request.data)
        given.is_valid(raise_exception=True)
        tasks = Task.objects.select_related("category")
        with transaction.atomic():
            locked = tasks.select_for_update(of=("self",), no_key=True)
            task = get_object_or_404(locked, id=task_id, owner=request.user)
            task.title, task.updated_at = given.validated_data["title"], timezone.now()
            task.version += 1
            task.search_words = search_words(task.title, task.description)
            task.save(update_fields=["title", "updated_at", "version", "search_words"])
        return self.shown(task)


class UlidConverter:
    regex: Final = "[0-9A-Za-z]{26}"

    def to_python(self, text: str) -> UUID:
        return UUID(bytes=ULID.from_str(text).bytes)


def _ulid(value: UUID) -> str:
    return str(ULID.from_bytes(value.bytes))


register_converter(UlidConverter, "ulid")
urlpatterns = [
    path("api/v1/tasks", Tasks.as_view()),
    path("api/v1/tasks/<ulid:task_id>", OneTask.as_view()),
]

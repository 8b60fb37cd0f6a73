"""taskbot's tables, without the columns of which nothing here has need."""

# ruff: noqa: DJ001, DJ008 - which columns may be null was decided elsewhere; no model is printed

from typing import Final
from uuid import UUID

from django.db import models
from ulid import ULID


def new_id() -> UUID:
    return UUID(bytes=ULID().bytes)


class Table(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)

    class Meta:
        abstract = True
        managed = False
        app_label = "floor"


class User(Table):
    timezone = models.CharField(max_length=64)
    is_authenticated: Final = True  # REST framework asks for it

    class Meta(Table.Meta):
        db_table = "users"


class AccessToken(Table):
    owner = models.ForeignKey(User, models.CASCADE)
    digest = models.BinaryField(unique=True)
    expires_at = models.DateTimeField(null=True)
    scopes = models.CharField(max_length=200)

    class Meta(Table.Meta):
        db_table = "access_tokens"


class Category(Table):
    name = models.CharField(max_length=50)

    class Meta(Table.Meta):
        db_table = "categories"


class Task(Table):
    owner = models.ForeignKey(User, models.CASCADE)
    title = models.CharField(max_length=200)
    description = models.TextField(default="")
    category = models.ForeignKey(Category, models.SET_NULL, null=True)
    priority = models.SmallIntegerField(default=4)
    status = models.CharField(max_length=16, default="open")
    due_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    timezone = models.CharField(max_length=64, null=True)
    ends_at = models.DateTimeField()
    lead_times = models.JSONField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)
    search_words = models.TextField(null=True)

    class Meta(Table.Meta):
        db_table = "tasks"


class Reminder(Table):
    task = models.ForeignKey(Task, models.CASCADE)
    owner = models.ForeignKey(User, models.CASCADE)
    fire_at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default="planned")
    available_at = models.DateTimeField(null=True)
    attempt = models.IntegerField(default=0)
    failures = models.IntegerField(default=0)
    uncertain = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta(Table.Meta):
        db_table = "reminders"

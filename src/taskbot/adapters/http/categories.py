"""Categories over HTTP."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from taskbot.adapters.http.bodies import Body
from taskbot.adapters.http.dependencies import Actor, Categories
from taskbot.adapters.http.problem_examples import problems
from taskbot.domain.category import Category


class NewCategory(Body, frozen=True, kw_only=True):
    name: Annotated[
        str,
        Meta(
            description="1 to 50 characters; unique without regard to case.", examples=["Shopping"]
        ),
    ]
    emoji: Annotated[str, Meta(examples=["🛒"])] | None = None


class CategoryDetails(Struct, frozen=True, kw_only=True):
    id: Annotated[str, Meta(description="A ULID.", examples=["01K2Y7V9M1T5C8R2E4H6P0QSZX"])]
    name: Annotated[str, Meta(examples=["Shopping"])]
    emoji: Annotated[str, Meta(examples=["🛒"])] | None
    created_at: datetime

    @classmethod
    def of(cls, category: Category) -> "CategoryDetails":
        return cls(
            id=str(category.id),
            name=category.name,
            emoji=category.emoji,
            created_at=category.created_at,
        )


class CategoryList(Struct, frozen=True):
    """All of a person's categories, by name."""

    items: list[CategoryDetails]
    next_cursor: Annotated[str, Meta(description="Always null: they come on one page.")] | None


class CategoryController(Controller):
    path = "/categories"
    tags = ("categories",)

    @get(operation_id="listCategories", summary="List categories", responses=problems(400, 401))
    async def list_categories(self, categories: Categories, actor: Actor) -> CategoryList:
        found = await categories.list(actor=actor.id)
        return CategoryList([CategoryDetails.of(category) for category in found], None)

    @post(
        operation_id="createCategory",
        summary="Add a category",
        responses=problems(400, 401, 409, 413, 415, 422),
    )
    async def create(
        self, data: JSONBody[NewCategory], categories: Categories, actor: Actor
    ) -> CategoryDetails:
        category = await categories.create(data.name, emoji=data.emoji, actor=actor.id)
        return CategoryDetails.of(category)

"""Categories over HTTP."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final

from litestar import Controller, Response, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import asdict

from taskbot.adapters.http.authentication import needs
from taskbot.adapters.http.bodies import Body, or_keep
from taskbot.adapters.http.dependencies import Actor, Categories
from taskbot.adapters.http.etags import IfMatch, expected_version, precondition
from taskbot.adapters.http.parameters import CategoryIdInPath, required_category_id
from taskbot.adapters.http.paths import category_path
from taskbot.adapters.http.problem_examples import problems
from taskbot.adapters.http.problems import FieldProblem, Refused
from taskbot.application.categories import EditCategory, TasksLeft
from taskbot.application.views import CountedCategory
from taskbot.domain.access_token import Scope
from taskbot.domain.category import Category
from taskbot.domain.ids import CategoryId

_NAME: Final = {"extra": {"min_length": 1}}  # for the description alone


class NewCategory(Body, frozen=True, kw_only=True):
    name: Annotated[
        str,
        Meta(
            description="1 to 50 characters; unique without regard to case.",
            examples=["Shopping"],
            extra_json_schema=_NAME,
        ),
    ]
    emoji: Annotated[str, Meta(examples=["🛒"])] | None = None


class CategoryChanges(Body, frozen=True, kw_only=True):
    """Only what is sent changes; null takes the emoji away."""

    name: (
        Annotated[
            str,
            Meta(
                description="1 to 50 characters.", examples=["Groceries"], extra_json_schema=_NAME
            ),
        ]
        | UnsetType
    ) = UNSET
    emoji: Annotated[str, Meta(examples=["🛍"])] | UnsetType | None = UNSET


class CategoryDetails(Struct, frozen=True, kw_only=True):
    id: Annotated[str, Meta(description="A ULID.", examples=["01K2Y7V9M1T5C8R2E4H6P0QSZX"])]
    name: Annotated[str, Meta(examples=["Shopping"])]
    emoji: Annotated[str, Meta(examples=["🛒"])] | None
    created_at: datetime
    version: Annotated[int, Meta(description="Counts the changes.", examples=[1])]

    @classmethod
    def of(cls, category: Category) -> "CategoryDetails":
        return cls(
            id=str(category.id),
            name=category.name,
            emoji=category.emoji,
            created_at=category.created_at,
            version=category.version,
        )


class CountedDetails(CategoryDetails, frozen=True, kw_only=True):
    """A category, and how many tasks of either status are filed under it."""

    open: Annotated[int, Meta(examples=[3])]
    completed: Annotated[int, Meta(examples=[12])]

    @classmethod
    def counted(cls, counted: CountedCategory) -> "CountedDetails":
        details = CategoryDetails.of(counted.category)
        return cls(**asdict(details), open=counted.open, completed=counted.completed)


class CategoryCountList(Struct, frozen=True):
    """All of a person's categories, by name, with the numbers of their tasks."""

    items: list[CountedDetails]


class CategoryList(Struct, frozen=True):
    """All of a person's categories, by name."""

    items: list[CategoryDetails]
    next_cursor: Annotated[str, Meta(description="Always null: they come on one page.")] | None


class CategoryController(Controller):
    path = "/categories"
    opt = needs(reads=Scope.TASKS_READ, writes=Scope.TASKS_WRITE)
    tags = ("categories",)

    @get(
        operation_id="listCategories", summary="List categories", responses=problems(400, 401, 403)
    )
    async def list_categories(self, categories: Categories, actor: Actor) -> CategoryList:
        found = await categories.list(actor=actor.id)
        return CategoryList([CategoryDetails.of(category) for category in found], None)

    @post(
        operation_id="createCategory",
        summary="Add a category",
        responses=problems(400, 401, 403, 409, 413, 415, 422),
    )
    async def create(
        self, data: JSONBody[NewCategory], categories: Categories, actor: Actor
    ) -> Response[CategoryDetails]:
        category = await categories.create(data.name, emoji=data.emoji, actor=actor.id)
        headers = {"Location": category_path(category.id)}
        return Response(CategoryDetails.of(category), headers=headers)

    @get(
        "/counts",
        operation_id="countCategories",
        summary="Count tasks by category",
        description="Every category, with how many open and completed tasks it has.",
        responses=problems(400, 401, 403),
    )
    async def count(self, categories: Categories, actor: Actor) -> CategoryCountList:
        found = await categories.counts(actor=actor.id)
        return CategoryCountList([CountedDetails.counted(one) for one in found])

    @get(
        "/{category_id:str}",
        operation_id="getCategory",
        summary="Read one category",
        responses=problems(400, 401, 403, 404),
    )
    async def get_category(
        self, category_id: CategoryIdInPath, categories: Categories, actor: Actor
    ) -> CategoryDetails:
        wanted = required_category_id(category_id)
        return CategoryDetails.of(await categories.get(wanted, actor=actor.id))

    @patch(
        "/{category_id:str}",
        operation_id="updateCategory",
        summary="Change a category",
        responses=problems(400, 401, 403, 404, 409, 412, 413, 415, 422),
    )
    async def update(
        self,
        category_id: CategoryIdInPath,
        data: JSONBody[CategoryChanges],
        categories: Categories,
        actor: Actor,
        if_match: IfMatch = None,
    ) -> CategoryDetails:
        command = EditCategory(
            actor=actor.id,
            category_id=required_category_id(category_id),
            version=expected_version(if_match),
            name=or_keep(data.name),
            emoji=or_keep(data.emoji),
        )
        with precondition(if_match):
            return CategoryDetails.of(await categories.edit(command))

    @delete(
        "/{category_id:str}",
        operation_id="deleteCategory",
        summary="Delete a category",
        description="Its tasks stay: in another category, if one is named, else in none. With "
        "`delete_tasks` they are deleted, too, for good.",
        responses=problems(400, 401, 403, 404, 412),
    )
    async def delete_category(
        self,
        category_id: CategoryIdInPath,
        categories: Categories,
        actor: Actor,
        move_tasks_to: Annotated[
            str | None, QueryParameter(description="The category that takes the tasks.")
        ] = None,
        delete_tasks: Annotated[
            bool | None, QueryParameter(description="Whether its tasks are deleted, too.")
        ] = None,
        if_match: IfMatch = None,
    ) -> None:
        with precondition(if_match):
            await categories.delete(
                required_category_id(category_id),
                tasks=_what_becomes_of_tasks(move_tasks_to, are_deleted=bool(delete_tasks)),
                version=expected_version(if_match),
                actor=actor.id,
            )


def _what_becomes_of_tasks(move_to: str | None, *, are_deleted: bool) -> CategoryId | TasksLeft:
    if move_to is None:
        return TasksLeft.DELETED if are_deleted else TasksLeft.UNCATEGORIZED
    if not are_deleted:
        return required_category_id(move_to)
    detail = "tasks are either moved or deleted"
    blamed = FieldProblem.of("delete_tasks", "fate-ambiguous", detail)
    raise Refused(
        HTTPStatus.BAD_REQUEST, "parameters-invalid", f"delete_tasks: {detail}", (blamed,)
    )

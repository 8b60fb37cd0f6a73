"""The panel in a real browser, over the running product: what an operator does and sees."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
from attrs import frozen

from support.browser import ABSENT, Browser, is_there, running_browser
from support.product import Product, running_product

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.skipif(not is_there(), reason=ABSENT),
]

NAME = "olga"
PASSWORD = "tram 7 stops at noon"
HOSTILE = "<script>owned = 1</script><img src=x onerror='owned = 1'>"


@frozen
class Operator:
    """Somebody at a browser."""

    browser: Browser
    panel: str

    async def open(self, path: str) -> None:
        await self.browser.open(f"{self.panel}{path}")

    async def fill(self, **fields: str) -> None:
        for name, text in fields.items():
            await self.browser.run(f"document.querySelector('#{name}').value = ''")
            await self.browser.type(f"#{name}", text)

    async def send(self) -> None:
        await self.browser.click("form button[type=submit]:not([name])")

    async def sign_in(self) -> None:
        await self.open("/login")
        await self.fill(username=NAME, password=PASSWORD)
        await self.send()
        await self.browser.find("nav, aside", "Audit log")

    async def sees(self, text: str, selector: str = "body") -> str:
        return await self.browser.text(selector, text)

    async def rows(self) -> list[str]:
        shown: list[str] = await self.browser.run(
            "return [...document.querySelectorAll('tbody tr')].map((row) => row.innerText)"
        )
        return shown

    async def searches(self, text: str) -> None:
        await self.browser.type("input[name=q]", f"{text}\n")
        await self.browser.until(
            "return new URLSearchParams(location.search).get('q') === arguments[0]", text
        )


@pytest.fixture(scope="module")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    async with running_product(tmp_path_factory.mktemp("panel")) as started:
        yield started


@pytest.fixture(scope="module")
async def operator(product: Product) -> AsyncIterator[Operator]:
    """The first operator, who has made the account by the link that `taskbot up` printed."""
    link = await product.process.address("First admin")
    async with running_browser(language="en-GB") as browser:
        await browser.resize(1200, 900)
        operator = Operator(browser, link.partition("/invitation")[0])
        await browser.open(link)
        await browser.find("#name")
        await operator.fill(name=NAME, password=PASSWORD, again=PASSWORD)
        await operator.send()
        await operator.sees("Overview", "h1, h2")
        yield operator


@pytest.fixture
async def tasks(product: Product) -> list[str]:
    """Titles of three tasks of somebody new, who says who they are in each."""
    person = await product.a_person()
    titles = [f"{word} of {person.id}" for word in ("Violin", "Parsnip", "Lantern")]
    async with product.program_of(person) as program:
        for title in titles:
            answer = await program.post("/tasks", json={"title": title, "due_on": "2099-05-17"})
            assert answer.status_code == 201, answer.text
    return titles


async def test_the_link_is_used_up_and_the_panel_says_where_it_is(
    product: Product, operator: Operator
) -> None:
    assert await product.process.address("Panel") == f"{operator.panel}/"
    async with running_browser() as other:
        await other.open(await product.process.address("First admin"))
        assert "unknown, used or too old" in await other.text("[role=alert]", "")


async def test_a_stranger_gets_nothing(operator: Operator) -> None:
    async with httpx.AsyncClient(trust_env=False) as stranger:
        for path in ("/", "/tasks/list", "/audit/list", "/accounts/list", "/people/list?q=a"):
            answer = await stranger.get(f"{operator.panel}{path}")

            assert answer.status_code == 303
            assert answer.content == b""


async def test_an_operator_searches_filters_edits_and_finds_it_in_the_audit_log(
    operator: Operator, tasks: list[str]
) -> None:
    violin = tasks[0]
    await operator.open("/tasks/list")
    await operator.searches(violin)
    assert [violin in row for row in await operator.rows()] == [True]
    await operator.browser.click("tbody tr td:nth-child(2)")
    await operator.browser.click("a", "Edit")

    await operator.fill(new_title=" ")
    await operator.browser.run("document.querySelector('#new_title').removeAttribute('required')")
    await operator.send()
    assert await operator.browser.text("#new_title-error, .invalid-feedback", "")

    await operator.fill(new_title=f"{violin}, restrung")
    await operator.send()
    await operator.sees("changed successfully")

    await operator.open("/audit/list")
    newest = (await operator.rows())[0]
    assert NAME in newest
    assert f"{violin}, restrung" in newest


async def test_a_condition_is_chosen_from_what_the_list_offers(
    operator: Operator, tasks: list[str]
) -> None:
    await operator.open("/tasks/list")
    await operator.browser.click("button", "Filters")
    await operator.browser.run(
        """
        const choose = (selector, value) => {
            const select = document.querySelector(`#filter-rows ${selector}`);
            select.value = value;
            select.dispatchEvent(new Event("change", {bubbles: true}));
        };
        choose(".filter-row-field", "due");
        choose(".filter-row-op", "overdue");
        """
    )
    await operator.browser.click("#filter-form button[type=submit]", "Apply")
    await operator.browser.until("return location.search.includes('filter=')")

    shown = "\n".join(await operator.rows())
    assert not any(title in shown for title in tasks)


async def test_several_tasks_are_completed_at_once(operator: Operator, tasks: list[str]) -> None:
    await operator.open("/tasks/list")
    await operator.searches(tasks[0].rpartition(" ")[2])
    assert len(await operator.rows()) == 3
    await operator.browser.click("#select-all-rows")
    await operator.browser.click("button", "With selected")
    await operator.browser.click(".dropdown-menu.show a", "Complete")
    await operator.browser.click("#modal-action.show #actionSubmit")
    await operator.sees("3 done.", "[role=alert]")

    assert all("completed" in row for row in await operator.rows())


async def test_what_people_wrote_is_shown_and_never_run(
    product: Product, operator: Operator
) -> None:
    person = await product.a_person(name=HOSTILE[:60])
    async with product.program_of(person) as program:
        made = await program.post("/categories", json={"name": HOSTILE[:50]})
        task = await program.post(
            "/tasks",
            json={
                "title": HOSTILE,
                "description": HOSTILE,
                "category_id": made.json().get("id"),
            },
        )
    task_id = task.json()["id"]
    await operator.browser.complaints()
    for path in (
        "/tasks/list",
        f"/tasks/detail?pk={task_id}",
        f"/tasks/edit?pk={task_id}",
        "/people/list",
        "/categories/list",
        "/tokens/list",
    ):
        await operator.open(path)
        assert "<script>" in await operator.sees("<script>"), path
        assert await operator.browser.run("return typeof owned") == "undefined"
    assert await operator.browser.complaints() == []


async def test_the_pages_ask_for_nothing_from_elsewhere(operator: Operator) -> None:
    await operator.browser.requested()
    for path in (
        "/",
        "/tasks/list",
        "/people/list",
        "/accounts/create",
        "/audit/list",
        "/password",
    ):
        await operator.open(path)
        await operator.sees("taskbot")
    hosts = {urlsplit(url).netloc for url in await operator.browser.requested()}

    assert hosts - {""} == {urlsplit(operator.panel).netloc}


async def test_the_panel_fits_a_phone(operator: Operator, tasks: list[str]) -> None:
    await operator.browser.resize(390, 844)
    try:
        for path in ("/", "/tasks/list", "/people/list", "/audit/list", "/accounts/create"):
            await operator.open(path)
            width = await operator.browser.run("return document.documentElement.scrollWidth")
            assert width <= 390, path
    finally:
        await operator.browser.resize(1200, 900)


async def test_the_panel_speaks_russian_where_it_is_asked_to(operator: Operator) -> None:
    await operator.open("/tasks/list")
    await operator.browser.click("button.dropdown-toggle", "English")
    await operator.browser.click("[data-sa-lang=ru]")
    try:
        await operator.browser.find("aside a", "Задачи")
    finally:
        await operator.browser.run("Cookies.remove('language')")


async def test_who_signs_out_is_out(operator: Operator) -> None:
    await operator.open("/tasks/list")
    await operator.browser.click("header [aria-label='Open user menu']")
    await operator.browser.click("header .dropdown-menu.show button[type=submit]")
    await operator.browser.find("#username")
    await operator.open("/tasks/list")
    await operator.browser.find("#username")

    await operator.fill(username=NAME, password="not this one")
    await operator.send()
    await operator.sees("The name or the password is wrong.", "[role=alert]")
    await operator.sign_in()

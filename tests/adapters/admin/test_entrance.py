"""Who gets into the panel, and by what."""

import asyncio
from datetime import timedelta

import pytest
from ulid import ULID

from support.panel import PASSWORD, SESSION_COOKIE, Panel, shown
from support.panel_forms import act
from taskbot.domain.admin_session import ABSOLUTE_LIMIT, IDLE_LIMIT
from taskbot.domain.operator import Role

pytestmark = pytest.mark.anyio

PAGES = [
    ("GET", "/"),
    ("GET", "/tasks/list"),
    ("GET", "/tasks/detail?pk=01K2Y7V9M1T5C8R2E4H6P0QSZX"),
    ("GET", "/tasks/edit?pk=01K2Y7V9M1T5C8R2E4H6P0QSZX"),
    ("GET", "/people/list"),
    ("GET", "/password"),
    ("GET", "/_api/relation-lookup/people"),
    ("GET", "/nowhere"),
    ("POST", "/_api/tasks/action?name=export&all=1"),
    ("POST", "/_api/tasks/row-action?name=delete&pk=01K2Y7V9M1T5C8R2E4H6P0QSZX"),
    ("POST", "/password"),
    ("POST", "/logout"),
]


@pytest.mark.parametrize(("method", "path"), PAGES)
async def test_a_stranger_is_led_to_the_sign_in_page_from_everywhere(
    panel: Panel, method: str, path: str
) -> None:
    stranger = panel.stranger()

    answer = await (stranger.get(path) if method == "GET" else stranger.post(path))

    assert answer.status_code == 303
    assert answer.text == ""
    assert "/admin/login" in answer.headers["location"]


async def test_a_name_and_its_password_open_the_page_that_was_asked_for(panel: Panel) -> None:
    await panel.an_account("ann")
    stranger = panel.stranger()
    wanted = (await stranger.get("/tasks/list")).headers["location"]

    answer = await stranger.post(wanted.partition("/admin")[2], username="Ann", password=PASSWORD)

    assert answer.status_code == 303
    assert answer.headers["location"].endswith("/admin/tasks/list")
    assert (await stranger.get("/tasks/list")).status_code == 200


async def test_who_presses_something_after_their_session_is_over_is_told_so(panel: Panel) -> None:
    browser = await panel.operator("ann")
    panel.clock.advance(IDLE_LIMIT)

    answer = await act(browser, "tasks", "complete", ULID())
    by_a_form = await browser.post("/_api/tasks/action?name=export&all=1")
    again = await browser.post(
        by_a_form.headers["location"].partition("/admin")[2], username="ann", password=PASSWORD
    )

    assert (answer.status, answer.refusal) == (400, "The session is over: sign in again.")
    assert by_a_form.status_code == 303
    assert again.headers["location"] == "https://panel.test/admin/"


async def test_nobody_is_sent_to_another_site_after_signing_in(panel: Panel) -> None:
    await panel.an_account("ann")

    answer = await panel.stranger().post(
        "/login?next=https://elsewhere.test/admin", username="ann", password=PASSWORD
    )

    assert answer.headers["location"] == "https://panel.test/admin/"


@pytest.mark.parametrize(("name", "password"), [("ann", "wrong"), ("nobody", PASSWORD), ("", "")])
async def test_what_is_wrong_is_not_told(panel: Panel, name: str, password: str) -> None:
    await panel.an_account("ann")
    stranger = panel.stranger()

    answer = await stranger.sign_in(name, password)

    assert answer.status_code == 422
    assert "The name or the password is wrong." in shown(answer)
    assert SESSION_COOKIE not in stranger.client.cookies


async def test_the_session_is_a_secret_of_the_browser_alone(panel: Panel) -> None:
    await panel.an_account("ann")

    cookie = (await panel.stranger().sign_in("ann")).headers["set-cookie"]

    assert cookie.startswith(f"{SESSION_COOKIE}=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/admin"} <= set(cookie.split("; "))


async def test_signing_in_begins_another_session_than_the_one_that_was_shown(
    panel: Panel,
) -> None:
    await panel.an_account("ann")
    browser = panel.stranger()
    browser.client.cookies.set(SESSION_COOKIE, "planted", domain="panel.test", path="/admin")

    await browser.sign_in("ann")

    assert browser.client.cookies.get(SESSION_COOKIE, path="/admin") not in {None, "planted"}
    assert (await browser.get("/tasks/list")).status_code == 200


async def test_signing_out_ends_the_session_for_whoever_kept_its_secret(panel: Panel) -> None:
    browser = await panel.operator("ann")
    thief = panel.stranger()
    thief.client.cookies.update(browser.client.cookies)
    assert (await thief.get("/tasks/list")).status_code == 200

    await browser.post("/logout")

    assert (await browser.get("/tasks/list")).status_code == 303
    assert (await thief.get("/tasks/list")).status_code == 303


async def test_a_session_ends_when_it_is_not_used(panel: Panel) -> None:
    browser = await panel.operator("ann")
    panel.clock.advance(IDLE_LIMIT)

    assert (await browser.get("/tasks/list")).status_code == 303


async def test_a_page_that_renews_itself_makes_no_session_longer(panel: Panel) -> None:
    browser = await panel.operator("ann")
    panel.clock.advance(IDLE_LIMIT / 2)
    assert (await browser.get("/?alone")).status_code == 200
    panel.clock.advance(IDLE_LIMIT / 2)

    assert (await browser.get("/?alone")).status_code == 303


async def test_a_session_ends_at_last_however_it_is_used(panel: Panel) -> None:
    browser = await panel.operator("ann")
    step = IDLE_LIMIT - timedelta(minutes=1)
    for _ in range(ABSOLUTE_LIMIT // step):
        panel.clock.advance(step)
        assert (await browser.get("/tasks/list")).status_code == 200
    panel.clock.advance(step)

    assert (await browser.get("/tasks/list")).status_code == 303


async def test_who_tries_too_often_waits_although_the_password_is_right_at_last(
    panel: Panel,
) -> None:
    await panel.an_account("ann")
    stranger = panel.stranger()
    answers = [await stranger.sign_in("ann", "wrong") for _ in range(12)]

    last = await stranger.sign_in("ann")

    assert answers[0].status_code == 422
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0
    assert "Too many tries." in shown(last)


async def test_no_form_is_taken_without_its_token(panel: Panel) -> None:
    await panel.an_account("ann")
    client = panel.stranger().client

    answer = await client.post("/admin/login", data={"username": "ann", "password": PASSWORD})

    assert answer.status_code == 403
    assert SESSION_COOKIE not in client.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://panel.test"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.test"},
        {"Origin": "null"},
    ],
)
async def test_nothing_is_done_at_the_bidding_of_another_site(
    panel: Panel, headers: dict[str, str]
) -> None:
    browser = await panel.operator("ann")
    browser.client.headers.update(headers)

    answer = await browser.post("/logout")

    assert answer.status_code == 403
    assert (await browser.get("/tasks/list")).status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "https://panel.test"}]
)
async def test_what_its_own_pages_ask_for_is_done(panel: Panel, headers: dict[str, str]) -> None:
    browser = await panel.operator("ann")
    browser.client.headers.update(headers)

    assert (await browser.post("/logout")).status_code == 303


async def test_no_password_is_taken_in_the_clear(panel: Panel) -> None:
    await panel.an_account("ann")

    answer = await panel.stranger("http://panel.test").sign_in("ann")

    assert answer.status_code == 403
    assert "https alone" in shown(answer)


@pytest.mark.parametrize(
    "host", ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:1"]
)
async def test_within_the_machine_there_is_nothing_to_listen_to(panel: Panel, host: str) -> None:
    await panel.an_account("ann")
    browser = panel.stranger(host)

    assert (await browser.sign_in("ann")).status_code == 303
    assert (await browser.get("/tasks/list")).status_code == 200


async def test_the_first_link_makes_an_editor(panel: Panel) -> None:
    secret = await panel.container.admin_accounts().first_link()
    assert secret is not None
    browser = panel.stranger()
    opened = await browser.post("/invitation", code=f"https://panel.test/admin/invitation#{secret}")

    answer = await browser.post(
        "/invitation", code=secret, name="Ann", password=PASSWORD, again=PASSWORD
    )

    assert "The first operator" in shown(opened)
    assert answer.status_code == 303
    assert (await browser.get("/tasks/list")).status_code == 200
    (made,) = await panel.container.admin_accounts().list()
    assert (made.name, made.role) == ("ann", Role.EDITOR)


async def test_a_link_is_good_once(panel: Panel) -> None:
    secret = await panel.container.admin_accounts().first_link()
    filled = {"code": secret, "password": PASSWORD, "again": PASSWORD}
    first, second = panel.stranger(), panel.stranger()
    await asyncio.gather(first.get("/login"), second.get("/login"))

    answers = await asyncio.gather(
        first.post("/invitation", name="ann", **filled),
        second.post("/invitation", name="bob", **filled),
    )

    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert len(await panel.container.admin_accounts().list()) == 1


async def test_a_password_that_will_not_do_is_refused_at_its_field(panel: Panel) -> None:
    secret = await panel.container.admin_accounts().first_link()
    browser = panel.stranger(**{"accept-language": "ru"})

    answer = await browser.post(
        "/invitation", code=secret, name="ann", password="short", again="short"
    )

    assert answer.status_code == 422
    assert "Пароль — не короче 12 символов." in shown(answer)
    assert 'value="ann"' in answer.text
    assert "short" not in answer.text


async def test_a_made_up_link_leads_nowhere(panel: Panel) -> None:
    answer = await panel.stranger().post("/invitation", code="made-up")

    assert answer.status_code == 422
    assert "unknown, used or too old" in shown(answer)


async def test_another_password_ends_all_other_sessions(panel: Panel) -> None:
    browser = await panel.operator("ann")
    elsewhere = panel.stranger()
    await elsewhere.sign_in("ann")

    answer = await browser.post(
        "/password", current_password=PASSWORD, password=PASSWORD * 2, again=PASSWORD * 2
    )

    assert answer.status_code == 303
    assert (await browser.get("/tasks/list")).status_code == 200
    assert (await elsewhere.get("/tasks/list")).status_code == 303
    assert (await panel.stranger().sign_in("ann")).status_code == 422
    assert (await panel.stranger().sign_in("ann", PASSWORD * 2)).status_code == 303


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"current_password": "wrong", "password": PASSWORD * 2}, "not the current password"),
        ({"current_password": PASSWORD, "password": "short"}, "at least 12 characters"),
        (
            {"current_password": PASSWORD, "password": PASSWORD * 2, "again": "other"},
            "not what you typed above",
        ),
    ],
)
async def test_a_password_is_not_changed_by_what_is_wrong(
    panel: Panel, fields: dict[str, str], words: str
) -> None:
    browser = await panel.operator("ann")

    answer = await browser.post("/password", **{"again": fields["password"]} | fields)

    assert answer.status_code == 422
    assert words in shown(answer)
    assert (await panel.stranger().sign_in("ann")).status_code == 303


async def test_a_deactivated_account_is_out_at_once(panel: Panel) -> None:
    await panel.an_account("boss")
    browser = await panel.operator("ann")
    accounts = panel.container.admin_accounts()
    account = await accounts.find("ann")

    await accounts.deactivate(account.id, by=(await accounts.find("boss")).operator)

    assert (await browser.get("/tasks/list")).status_code == 303
    assert (await browser.sign_in("ann")).status_code == 422


async def test_the_files_of_the_panel_are_for_anybody(panel: Panel) -> None:
    answer = await panel.stranger().get("/static/panel.js")

    assert answer.status_code == 200
    assert answer.headers["cache-control"].startswith("public")


async def test_every_page_says_what_browsers_may_do_with_it(panel: Panel) -> None:
    browser = await panel.operator("ann")

    headers = (await browser.get("/tasks/list")).headers

    policy = headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src "))
    assert "default-src 'none'" in policy
    assert "unsafe" not in scripts
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"


async def test_the_panel_is_beside_the_limits_of_the_api(panel: Panel) -> None:
    stranger = panel.stranger(app=panel.container.api())

    answers = [await stranger.get("/static/panel.css") for _ in range(100)]

    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].headers["strict-transport-security"]
    assert answers[0].headers["x-request-id"]

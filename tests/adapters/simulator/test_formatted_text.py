"""Cleaning, finding and rendering of formatted text."""

from html.parser import HTMLParser

from hypothesis import given, strategies as st

from taskbot.adapters.simulator.formatted_text import Entity, FormattedText, utf16_length
from taskbot.adapters.simulator.html_rendering import render_html

ALLOWED = {"b", "i", "u", "s", "code", "pre", "blockquote", "span", "a"}
KINDS = (
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "url",
    "bot_command",
    "mention",
    "text_mention",
    "hashtag",
    "custom_emoji",
    "no-such-thing",
)

texts = st.text(st.characters(exclude_categories=["Cs"]))
urls = st.sampled_from(
    ["https://a.b/?q=\"'<>&", "javascript:alert(1)", "tg://user?id=7", "data:text/html,x", ""]
)
entities = st.builds(
    Entity,
    type=st.sampled_from(KINDS),
    offset=st.integers(min_value=-2, max_value=30),
    length=st.integers(min_value=-2, max_value=30),
    url=urls,
)


class Reader(HTMLParser):
    """Reads HTML back and checks that every tag is closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        self.open.append(tag)
        for name, value in attrs:
            assert name in ({"href", "target", "rel"} if tag == "a" else {"class"})
            if name == "href":
                assert value is not None
                assert value.startswith(("http://", "https://", "tg://"))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


@given(texts, st.lists(entities, max_size=6))
def test_any_rendering_is_well_formed_inert_and_says_the_text(
    text: str, formats: list[Entity]
) -> None:
    reader = Reader()

    reader.feed(render_html(FormattedText(text, tuple(formats))))
    reader.close()

    assert reader.open == []
    assert reader.text == text


def test_overlapping_entities_are_nested_properly() -> None:
    formatted = FormattedText(
        "abc",
        (
            Entity(type="bold", offset=0, length=2),
            Entity(type="italic", offset=1, length=2),
        ),
    )

    html = render_html(formatted)

    assert html == "<b>a<i>b</i></b><i>c</i>"


def test_a_link_of_another_scheme_is_shown_as_text() -> None:
    link = Entity(type="text_link", offset=0, length=1, url="javascript:alert(1)")

    html = render_html(FormattedText("x", (link,)))

    assert html == "x"


def test_space_at_the_ends_goes_and_entities_move_with_the_text() -> None:
    formatted = FormattedText("\n 🏟a\r\tb ", (Entity(type="bold", offset=1, length=8),))

    cleaned = formatted.cleaned()

    assert cleaned == FormattedText("🏟a b", (Entity(type="bold", offset=0, length=5),))


def test_direction_overrides_are_taken_out() -> None:
    assert FormattedText("a\u202eb").cleaned() == FormattedText("ab")


def test_invisible_characters_alone_are_no_text() -> None:
    assert FormattedText(" \u200b\u2060\u3164").is_empty()


@given(texts, st.lists(entities, max_size=4))
def test_cleaning_twice_changes_nothing_more(text: str, formats: list[Entity]) -> None:
    proper = tuple(e for e in formats if e.offset >= 0 and e.length > 0)
    once = FormattedText(text, proper).cleaned()

    assert once.cleaned() == once
    assert all(0 <= entity.offset < entity.end <= once.length for entity in once.entities)


def test_commands_links_and_mentions_are_found() -> None:
    formatted = FormattedText("/new@some_bot 👍 see https://a.b/c. or a@b.cd @durov_x #tag 1/2")

    found = formatted.with_found_entities()

    units = formatted.text.encode("utf-16-le")
    covered = [
        (e.type, units[2 * e.offset : 2 * e.end].decode("utf-16-le")) for e in found.entities
    ]
    assert covered == [
        ("bot_command", "/new@some_bot"),
        ("url", "https://a.b/c"),
        ("email", "a@b.cd"),
        ("mention", "@durov_x"),
        ("hashtag", "#tag"),
    ]


def test_nothing_is_found_inside_code() -> None:
    formatted = FormattedText("/new", (Entity(type="code", offset=0, length=4),))

    assert formatted.with_found_entities() == formatted


@given(texts)
def test_length_counts_utf16_units(text: str) -> None:
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2

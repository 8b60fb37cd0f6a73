"""Telegram's HTML, read as the public server reads it (its own test cases are the examples)."""

from html import escape

import pytest
from hypothesis import given, strategies as st

from taskbot.adapters.simulator.formatted_text import Entity, FormattedText, utf16_length
from taskbot.adapters.simulator.html_parsing import MarkupError, parse_html

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))

REFUSED = {
    "🏟 🏟&lt;<abacaba": "Unclosed start tag at byte offset 13",
    "🏟 🏟&lt;<abac aba>": 'Unsupported start tag "abac" at byte offset 13',
    "<br>": 'Unsupported start tag "br" at byte offset 0',
    "привет <p>": 'Unsupported start tag "p" at byte offset 13',
    "a < b": 'Unsupported start tag "" at byte offset 2',
    "🏟 🏟&lt;<i   =aba>": 'Empty attribute name in the tag "i" at byte offset 13',
    "🏟 🏟&lt;<i    aba>": 'Can\'t find end tag corresponding to start tag "i"',
    "🏟 🏟&lt;<i    aba  =  ": 'Unclosed start tag "i" at byte offset 13',
    "🏟 🏟&lt;<i    aba  =  190azAz-.,": "Unexpected end of name token at byte offset 27",
    '🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;>': "Unclosed start tag at byte offset 13",
    "🏟 🏟&lt;</": "Unexpected end tag at byte offset 13",
    "🏟 🏟&lt;<b></b></": "Unexpected end tag at byte offset 20",
    "🏟 🏟&lt;<i>a</i   ": "Unclosed end tag at byte offset 17",
    "🏟 🏟&lt;<i>a</em   >": ('Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
    "<a href": 'Unclosed start tag "a" at byte offset 0',
    '<a href="x" / >y</a>': 'Empty attribute name in the tag "a" at byte offset 0',
    "<span>x</span>": 'Tag "span" must have class "tg-spoiler" at byte offset 0',
    '<tg-emoji emoji-id="x">y</tg-emoji>': "Invalid custom emoji identifier specified",
    "<tg-time>x</tg-time>": "Invalid Unix time specified",
    '<tg-time unix="soon">x</tg-time>': "Invalid Unix time specified",
    '<tg-time unix="1" format="rt">x</tg-time>': "Invalid date-time format specified",
    "&#xDFDF;": (
        "Text contains invalid Unicode characters after decoding HTML entities, "
        "check for unmatched surrogate code units"
    ),
}


def entity(kind: str, offset: int, length: int, **more: str | int) -> Entity:
    return Entity(type=kind, offset=offset, length=length, **more)  # type: ignore[arg-type]


ACCEPTED = {
    "": ("", []),
    "➡️ ➡️<em>➡️ ➡️</em>": ("➡️ ➡️➡️ ➡️", [entity("italic", 5, 5)]),
    "<b>a</b><strong>b</strong>": ("ab", [entity("bold", 0, 1), entity("bold", 1, 1)]),
    "<u>a</u><ins>b</ins>": ("ab", [entity("underline", 0, 1), entity("underline", 1, 1)]),
    "<s>a</s><del>b</del>": ("ab", [entity("strikethrough", 0, 1), entity("strikethrough", 1, 1)]),
    "🏟 🏟<i>🏟 &gt;<b aba   =   caba>&lt🏟</b></i>": (
        "🏟 🏟🏟 ><🏟",
        [entity("italic", 5, 7), entity("bold", 9, 3)],
    ),
    "&ge;&lt;&gt;&amp;&quot;&laquo;&#12345678;&#1087;&#x43f": (
        '&ge;<>&"&laquo;&#12345678;пп',
        [],
    ),
    "<tg-spoiler>x</tg-spoiler>": ("x", [entity("spoiler", 0, 1)]),
    '<span class = "tg-spoiler">x</span>': ("x", [entity("spoiler", 0, 1)]),
    "a<b></b>": ("a", []),
    "<I>a</>": ("a", [entity("italic", 0, 1)]),
    "<a href=telegram.org> </a>": (" ", [entity("text_link", 0, 1, url="http://telegram.org/")]),
    "<a>https://telegram.org/x?y#z</a>": (
        "https://telegram.org/x?y#z",
        [entity("text_link", 0, 26, url="https://telegram.org/x?y#z")],
    ),
    "<a href='javascript:alert(1)'>x</a>": ("x", []),
    "<a href='http://localhost/x'>x</a>": ("x", []),
    "<pre><code>x</code></pre>": ("x", [entity("code", 0, 1), entity("pre", 0, 1)]),
    '<pre><code class="language-fift">x</code></pre>': (
        "x",
        [entity("pre", 0, 1, language="fift")],
    ),
    '<code class="language-fift"><pre>x</pre></code>': (
        "x",
        [entity("pre", 0, 1, language="fift")],
    ),
    '<tg-emoji emoji-id="54321">👍</tg-emoji>': (
        "👍",
        [entity("custom_emoji", 0, 2, custom_emoji_id="54321")],
    ),
    '<tg-time unix="1647531900">завтра</tg-time>': (
        "завтра",
        [entity("date_time", 0, 6, unix_time=1647531900)],
    ),
    '<tg-time format="wDT" unix="1647531900"><b>x</b></tg-time>': (
        "x",
        [
            entity("bold", 0, 1),
            entity("date_time", 0, 1, unix_time=1647531900, date_time_format="wDT"),
        ],
    ),
    '<blockquote   cite="" expandable>a&lt;<pre  >b;</></>': (
        "a<b;",
        [entity("expandable_blockquote", 0, 4), entity("pre", 2, 2)],
    ),
}


@pytest.mark.parametrize("source", REFUSED)
def test_what_telegram_cannot_parse_is_refused_in_its_words(source: str) -> None:
    with pytest.raises(MarkupError) as refused:
        parse_html(source)

    assert str(refused.value) == REFUSED[source]


@pytest.mark.parametrize("source", ACCEPTED)
def test_tags_become_entities_counted_in_utf16(source: str) -> None:
    text, entities = ACCEPTED[source]

    parsed = parse_html(source)

    assert parsed.text == text
    assert sorted(parsed.entities, key=repr) == sorted(entities, key=repr)


def test_a_link_to_a_person_is_a_mention() -> None:
    parsed = parse_html('<a href="tg://user?id=7">Ada</a>')

    assert parsed.entities == (Entity(type="text_mention", offset=0, length=3, user={"id": 7}),)


@given(texts)
def test_any_escaped_text_comes_back_as_it_was(text: str) -> None:
    parsed = parse_html(escape(text, quote=False))

    assert parsed == FormattedText(text)


@given(texts, texts, texts)
def test_a_tag_covers_exactly_what_it_encloses(before: str, inside: str, after: str) -> None:
    source = f"{escape(before)}<b>{escape(inside)}</b>{escape(after)}".replace("&#x27;", "'")

    parsed = parse_html(source)

    covered = [(bold.offset, bold.length) for bold in parsed.entities]
    expected = (utf16_length(before), utf16_length(inside))
    assert parsed.text == before + inside + after
    assert covered == ([expected] if inside else [])


@given(st.text(alphabet="<>/ab i&;=\"'#x1é🏟-"))
def test_any_text_is_either_parsed_or_refused(source: str) -> None:
    try:
        parsed = parse_html(source)
    except MarkupError:
        return

    assert all(0 <= entity.offset < entity.end <= parsed.length for entity in parsed.entities)

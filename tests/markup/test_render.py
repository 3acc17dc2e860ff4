"""What people can write, and what becomes of it on the page."""

import threading

import pytest

from proeftuin.markup import RENDERER_VERSION, Heading, Labels, Link, find_targets, render

BOX = '<i class="box"></i>'
BOX_ON = '<i class="box-on"></i>'


def resolve(target: str) -> Link:
    """Know every page but those that begin with "geen"; give articles of the cao a name."""
    label = f"artikel {target.removeprefix('cao:')}" if target.startswith("cao:") else None
    return Link(f"/p/{target.replace(' ', '-')}", exists=not target.startswith("geen"), label=label)


def show(text: str) -> str:
    return str(render(text, resolve=resolve).html)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("  \n\n ", ""),
        ("*a* **b** `c` ~~d~~", "<p><em>a</em> <strong>b</strong> <code>c</code> <del>d</del></p>"),
        ("een  \ntwee", "<p>een<br>twee</p>"),
        ("een\n\ntwee", "<p>een</p><p>twee</p>"),
        ("> citaat", "<blockquote><p>citaat</p></blockquote>"),
        ("a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"),
        ("AT&T &copy; &lt;b&gt; <b>", "<p>AT&amp;T &copy; &lt;b&gt; &lt;b&gt;</p>"),
        ("1. een\n2. twee", "<ol><li>een</li><li>twee</li></ol>"),
        ("3) drie\n4) vier", '<ol start="3"><li>drie</li><li>vier</li></ol>'),
        ("snake_case_naam en 5*3", "<p>snake_case_naam en 5*3</p>"),
        ("\\*geen nadruk\\*", "<p>*geen nadruk*</p>"),
        ("term\n: uitleg", "<dl><dt>term</dt><dd>uitleg</dd></dl>"),
        ("![a](/bestanden/7/1/a.png)", '<p><img alt="a" loading="lazy" src="/bestanden/7/1/a.png"></p>'),
        ("een\r\ntwee\r\n\r\ndrie", "<p>een\ntwee</p><p>drie</p>"),
        ("a\x00b\ud800c", "<p>ab\ufffdc</p>"),
    ],
)  # fmt: skip
def test_ordinary_markdown(text: str, html: str) -> None:
    assert show(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Tekst:\n- een\n- twee", "<p>Tekst:</p><ul><li>een</li><li>twee</li></ul>"),
        ("- a\n  - b\n    - c\n- d", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"),
        ("1. een\n   - twee", "<ol><li>een<ul><li>twee</li></ul></li></ol>"),
        ("- een\n1. twee", "<ul><li>een</li></ul><ol><li>twee</li></ol>"),
        ("- een\n\n  vervolg", "<ul><li><p>een</p><p>vervolg</p></li></ul>"),
        ("- een\n\nnieuw", "<ul><li>een</li></ul><p>nieuw</p>"),
        ("Het begon in\n2026. Daarna niets.", "<p>Het begon in\n2026. Daarna niets.</p>"),
        ("tekst\n# kop", '<p>tekst</p><h2 id="kop-kop">kop</h2>'),
        ("- een\n  ```\n  code\n  ```", "<ul><li><p>een</p><pre><code>code\n</code></pre></li></ul>"),
    ],
)  # fmt: skip
def test_what_people_expect_of_lists_and_blocks_without_empty_lines(text: str, html: str) -> None:
    assert show(text) == html


def test_the_first_level_of_the_text_becomes_the_second_of_the_page() -> None:
    for top, deeper in (("#", "##"), ("##", "###"), ("###", "####")):
        shown = render(f"{top} Één dag\n\n{deeper} Hoe `snel`?\n\n{top} Één dag", resolve=resolve)
        assert shown.headings == (
            Heading(2, "kop-een-dag", "Één dag"),
            Heading(3, "kop-hoe-snel", "Hoe snel?"),
            Heading(2, "kop-een-dag_2", "Één dag"),
        )
        assert '<h3 id="kop-hoe-snel">Hoe <code>snel</code>?</h3>' in shown.html
        assert "<h1" not in shown.html


def test_the_sixth_level_stays_the_sixth() -> None:
    shown = render("# a\n\n###### b", resolve=resolve)
    assert [heading.level for heading in shown.headings] == [2, 6]


def test_a_heading_is_named_by_what_a_reader_sees() -> None:
    shown = render("# Zie [[a|b &amp; c]] en [[geen]] `<x>`[^1]\n\n[^1]: d", resolve=resolve)
    assert shown.headings[0].text == "Zie b & c en geen <x>"


def test_a_wiki_link_leads_to_its_page() -> None:
    shown = render("[[nameting]], [[ de  pot | onze *pot* ]], [[nameting|weer]] en [[cao:4.6]]", resolve=resolve)
    assert shown.html == (
        '<p><a href="/p/nameting">nameting</a>, <a href="/p/de-pot">onze *pot*</a>, '
        '<a href="/p/nameting">weer</a> en <a href="/p/cao:4.6">artikel 4.6</a></p>'
    )
    assert shown.targets == ("nameting", "de pot", "cao:4.6")


def test_each_wiki_target_is_resolved_once_and_in_reading_order() -> None:
    asked: list[str] = []

    def remember(target: str) -> Link:
        asked.append(target)
        return resolve(target)

    render(
        "| a | b |\n|---|---|\n| [[één\\|x]] | [[twee|y]] |\n\n[[drie]] [[één]] `[[code]]`\n\n    [[code]]",
        resolve=remember,
    )
    assert asked == ["één", "twee", "drie"]


def test_an_error_of_resolve_is_not_hidden() -> None:
    def broken(target: str) -> Link:
        raise LookupError(target)

    with pytest.raises(LookupError, match="nameting"):
        render("[[nameting]]", resolve=broken)


def test_a_link_to_a_page_that_does_not_exist_says_so() -> None:
    assert show("[[geen pagina]]") == (
        '<p><a class="missing" href="/p/geen-pagina">geen pagina'
        '<span class="vh"> (pagina bestaat nog niet)</span></a></p>'
    )


def test_what_is_no_wiki_link_stays_text() -> None:
    for text in ("[[]]", "[[ ]]", "[[a", "a]]", "\\[[a]]", "[[a\nb]]"):
        assert "<a" not in show(text)


def test_find_targets_knows_every_target_that_render_asks_for() -> None:
    text = "[[a]] [[ b  c |d]] `[[code]]`\n\n| x | y |\n|---|---|\n| [[e\\|f]] | [[g|h]] |"
    assert set(render(text, resolve=resolve).targets) <= set(find_targets(text))


def test_a_bare_address_is_a_link_and_the_full_stop_is_not() -> None:
    html = show("Zie https://a.example/b_c?d=1&copy=2. (Of http://c.example/d_(e)), <f@g.example>")
    assert '<a href="https://a.example/b_c?d=1&amp;copy=2" ' in html
    assert 'copy=2</a>. (Of <a href="http://c.example/d_(e)" ' in html
    assert '<a href="mailto:f@g.example" ' in html


def test_task_lists_have_drawn_boxes_and_words_for_who_cannot_see_them() -> None:
    assert show("- [x] Openbaar **gemaakt**\n- [ ] Naar de [[OR]]\n- los") == (
        f'<ul class="tasks"><li class="yes">{BOX_ON}<span><span class="vh">Gedaan: </span>Openbaar '
        f'<strong>gemaakt</strong></span></li><li>{BOX}<span><span class="vh">Nog te doen: </span>Naar de '
        '<a href="/p/OR">OR</a></span></li><li><span></span><span>los</span></li></ul>'
    )


def test_a_task_with_a_list_in_it_is_still_valid_html() -> None:
    html = show("- [x] een\n  - [ ] twee")
    assert '<div><span class="vh">Gedaan: </span>een<ul class="tasks">' in html


def test_a_task_mark_is_not_taken_for_a_link() -> None:
    assert BOX_ON in show("- [x] een\n\n[x]: /ergens")


def test_table_columns_align_by_class_and_numbers_go_right() -> None:
    html = show(
        "| team | uren | soort | bedrag |\n|---|--:|:-:|---|\n| Tram | 12 | a | € 1.200,50 |\n| Bus | - | b | 85 % |"
    )
    assert html.startswith(
        '<table><thead><tr><th scope="col">team</th><th class="n" scope="col">uren</th><th class="mid" '
        'scope="col">soort</th>'
        '<th class="n" scope="col">bedrag</th></tr></thead><tbody><tr><td>Tram</td><td class="n">12</td>'
    )
    assert 'style="' not in html
    assert 'align="' not in html


def test_a_column_with_one_word_in_it_is_not_a_column_of_numbers() -> None:
    assert 'class="n"' not in show("| a |\n|---|\n| 1 |\n| geen |")


def test_notes_are_numbered_as_they_are_read_and_lead_both_ways() -> None:
    html = show("Een[^z] twee[^a] weer[^z].\n\n[^a]: De *a*.\n[^z]: De z.\n[^los]: Nergens.")
    assert 'Een<sup><a aria-label="Noot 1" href="#noot-1" id="noot-1-r1">1</a></sup>' in html
    assert 'weer<sup><a aria-label="Noot 1" href="#noot-1" id="noot-1-r2">1</a></sup>' in html
    assert html.endswith(
        '<section aria-label="Noten" class="notes" id="noten"><ol><li id="noot-1">De z. '
        '<a aria-label="Terug naar de tekst" href="#noot-1-r1">↑</a> '
        '<a aria-label="Terug naar de tekst" href="#noot-1-r2">↑</a></li><li id="noot-2">De <em>a</em>. '
        '<a aria-label="Terug naar de tekst" href="#noot-2-r1">↑</a></li><li id="noot-3">Nergens.</li></ol></section>'
    )


def test_two_texts_on_one_page_keep_their_addresses_apart() -> None:
    shown = render("# Kop\n\na[^1]\n\n[^1]: b", resolve=resolve, scope="c12-")
    assert shown.headings[0].id == "c12-kop-kop"
    assert 'id="c12-noot-1"' in shown.html
    assert 'href="#c12-noot-1"' in shown.html
    assert 'id="c12-noten"' in shown.html


def test_a_scope_that_is_no_name_is_refused() -> None:
    with pytest.raises(ValueError, match="scope"):
        render("a", resolve=resolve, scope='"><script>')


def test_the_words_of_the_renderer_can_be_in_another_language() -> None:
    labels = Labels(done="Done: ", missing=" (no such page yet)", back="Back to the text")
    html = render("- [x] a [[geen]][^1]\n\n[^1]: b", resolve=resolve, labels=labels).html
    assert all(words in html for words in ("Done: ", " (no such page yet)", "Back to the text"))


def test_code_is_shown_to_the_letter() -> None:
    html = show(
        "```python\nif a < b && [[c|d]]:\n    &amp; *e* \\*\n```\n\n~~~\n```\n~~~\n\n"
        "    ingesprongen &lt;\n\n`[[f|g]] <h>`"
    )
    assert "<pre><code>if a &lt; b &amp;&amp; [[c|d]]:\n    &amp;amp; *e* \\*\n</code></pre>" in html
    assert "<pre><code>```\n</code></pre>" in html
    assert "<pre><code>ingesprongen &amp;lt;\n</code></pre>" in html
    assert "<code>[[f|g]] &lt;h&gt;</code>" in html


def test_a_fence_that_is_never_closed_runs_to_the_end() -> None:
    assert show("```\na\n\n# b") == "<pre><code>a\n\n# b\n</code></pre>"


def test_too_many_levels_are_shown_and_not_refused() -> None:
    for text in ("> " * 50 + "diep", "- " * 50 + "diep", "\n".join("  " * depth + "- diep" for depth in range(50))):
        shown = render(text, resolve=resolve)
        assert not shown.degraded
        assert "diep" in shown.html


def test_threads_do_not_mix_their_texts() -> None:
    texts = [f"# Kop {number}\n\n[[p{number}]] a[^1]\n\n[^1]: noot {number}" for number in range(4)]
    expected = [show(text) for text in texts]
    wrong: list[str] = []

    def work(number: int) -> None:
        for _ in range(30):
            if (html := show(texts[number])) != expected[number]:
                wrong.append(html)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_version_is_a_number_to_store() -> None:
    assert isinstance(RENDERER_VERSION, int)

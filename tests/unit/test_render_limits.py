"""A template that computes for ever is refused, with one line."""

import pytest

from fastgen.render.jinja import BrokenTemplate, rendered_text

ENDLESS = {
    "loops in loops": "{% for a in range(99999) %}{% for b in range(99999) %}"
    "{% endfor %}{% endfor %}",
    "marked loops in loops": "# % for a in range(99999)\n  # % for b in range(99999)\n"
    "  # % endfor\n# % endfor\n",
    "a long text in a marked loop": "# % for a in range(9999)\n"
    + "x" * 9999
    + "\n# % endfor\n",
    "a loop that takes nothing": "{% for a in range(9999) %}"
    "{% for b in range(99999) if false %}x{% endfor %}{% endfor %}",
    "a loop that calls itself": "{% for a in range(999) recursive %}"
    "{% if loop.depth < 5 %}{{ loop(range(999)) }}{% endif %}{% endfor %}",
    "a macro that calls itself": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}"
    "{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(25) }}",
    "a product": "{{ 'x' * 10 ** 9 }}",
    "a power": "{{ 9 ** (9 ** 9) }}",
    "a text that doubles": "{% set n = namespace(x='x') %}{% for a in range(99) %}"
    "{% set n.x = n.x ~ n.x %}{% endfor %}",
    "a list that doubles": "{% set n = namespace(x=[1]) %}{% for a in range(99) %}"
    "{% set n.x = n.x + n.x %}{% endfor %}",
    "a wide field": "{{ '{:1000000000}'.format(1) }}",
    "another": "{{ '%1000000000d' % 1 }}",
    "a filter's field": "{{ '%1000000000d' | format(1) }}",
    "a third": "{{ '%*d' % (1000000000, 1) }}",
    "a filter's": "{{ 'x' | center(1000000000) }}",
    "a method's": "{{ 'x'.ljust(1000000000) }}",
    "what fills": "{{ range(99999) | map('center', 99999) | join }}",
    "a replacement": "{% set x = 'x' * 99999 %}{{ x.replace('x', x) }}",
    "much of a long text": "{% set x = 'x' * 99999 %}"
    "{% for a in range(9999) %}{{ x }}{% endfor %}",
}


@pytest.mark.parametrize("template", ENDLESS.values(), ids=ENDLESS)
def test_a_template_that_has_no_end_is_refused(template):
    with pytest.raises(
        BrokenTemplate, match=r"x\.py.*computes more than a template may"
    ):
        rendered_text(template, {}, "x.py")


@pytest.mark.parametrize("template", ["{{ lipsum() }}", "{{ [1, 2] | random }}"])
def test_nothing_depends_on_chance(template):
    with pytest.raises(BrokenTemplate):
        rendered_text(template, {}, "x.py")


def test_each_template_has_its_own_bound():
    for _ in range(3):
        text = rendered_text("{% for a in range(50000) %}x{% endfor %}", {}, "x.py")
        assert len(text) == 50000


@pytest.mark.parametrize(
    ("template", "text"),
    [
        (
            "{% for a in [1, 2] %}{{ loop.index }}{{ loop.last }}{% endfor %}",
            "1False2True",
        ),
        ("{% for a in [1] %}{{ loop.length }}{% endfor %}", "1"),
        ("{% for k, v in {'a': 1}.items() %}{{ k ~ v }}{% endfor %}", "a1"),
        ("{% for a in [] %}x{% else %}none{% endfor %}", "none"),
        ("{{ 7 % 4 }}{{ 2 ** 8 }}{{ 1 + 1 }}{{ '%s-%s' % ('a', 'b') }}", "32562a-b"),
        ("{% for a in [[1, [2]]] recursive %}{{ loop([]) }}.{% endfor %}", "."),
        ("{{ ['b', 'a'] | sort | map('upper') | join(', ') }}", "A, B"),
        (
            "{{ 'to {} at 10000'.format(1) }} {{ '%d of 10000' % 1 }}",
            "to 1 at 10000 1 of 10000",
        ),
        ("{{ 'ab' | indent(2, first=true) }}", "  ab"),
    ],
)
def test_what_templates_do_every_day_is_as_it_was(template, text):
    assert rendered_text(template, {}, "x.py") == text

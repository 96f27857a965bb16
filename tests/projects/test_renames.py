"""Resources and fields get other names with rows in their tables, and their old ones
back; no row loses what it had, and the models agree with the tables after each step."""
# ruff: noqa: S608 (statements of our own)

import pytest

from .commands import fastgen
from .conftest import Make
from .database import WAYS, alembic, at, shop_with
from .postgres import new_database

SCHEMA = (
    ("resource", "Category", "name:str:unique"),
    ("resource", "Tag", "label:str:index"),
    (
        *("resource", "Product", "title:str:max=80:unique", "price:decimal:6:2:index"),
        *("category:ref:Category", "parent:ref:Product:optional", "tags:many:Tag"),
    ),
    ("resource", "Review", "text:str", "product:ref:Product:cascade"),
    ("resource", "Bundle", "products:many:Product"),
)

RENAMES = (
    ("rename", "resource", "Product", "OrderItem"),
    ("rename", "field", "OrderItem", "title", "full_name"),
    ("rename", "field", "Review", "product", "item"),
    ("rename", "field", "OrderItem", "tags", "labels"),
    ("rename", "resource", "Tag", "Mark"),
)

SUITES = (
    *("tests/test_order_items.py", "tests/test_marks.py", "tests/test_reviews.py"),
    *("tests/test_bundles.py", "tests/test_migrations.py"),
)

KEY = "01a1feac05dd740caafa92161e06145"
STAMPS = "'2026-01-01 00:00:00', '2026-01-01 00:00:00'"
ROWS = (
    f"INSERT INTO categories VALUES ('{KEY}1', 'Books', {STAMPS})",
    f"INSERT INTO tags VALUES ('{KEY}2', 'new', {STAMPS})",
    "INSERT INTO products (id, title, price, category_id, parent_id, created_at,"
    f" updated_at) VALUES ('{KEY}3', 'Emma', 9.95, '{KEY}1', NULL, {STAMPS}),"
    f" ('{KEY}4', 'Erewhon', 12.5, '{KEY}1', '{KEY}3', {STAMPS})",
    f"INSERT INTO products_tags (product_id, tag_id) VALUES ('{KEY}3', '{KEY}2')",
    "INSERT INTO reviews (id, text, product_id, created_at, updated_at) VALUES"
    f" ('{KEY}5', 'Good', '{KEY}3', {STAMPS})",
    f"INSERT INTO bundles VALUES ('{KEY}6', {STAMPS})",
    f"INSERT INTO bundles_products (bundle_id, product_id) VALUES ('{KEY}6', '{KEY}4')",
)

BEFORE = (
    "SELECT id, title, price, category_id, parent_id FROM products ORDER BY title",
    "SELECT product_id, tag_id FROM products_tags",
    "SELECT text, product_id FROM reviews",
    "SELECT bundle_id, product_id FROM bundles_products",
    "SELECT id, label FROM tags",
)
AFTER = (
    "SELECT id, full_name, price, category_id, parent_id FROM order_items"
    " ORDER BY full_name",
    "SELECT order_item_id, mark_id FROM order_items_labels",
    "SELECT text, item_id FROM reviews",
    "SELECT bundle_id, order_item_id FROM bundles_products",
    "SELECT id, label FROM marks",
)

TWICE = (
    f"INSERT INTO order_items SELECT '{KEY}7', full_name, price, category_id,"
    " parent_id, created_at, updated_at FROM order_items WHERE full_name = 'Emma'"
)
ORPHAN = f"INSERT INTO reviews VALUES ('{KEY}8', 'Lost', '{KEY}9', {STAMPS})"


@pytest.mark.slow
@pytest.mark.matrix
@pytest.mark.parametrize(("orm", "engine"), WAYS)
def test_rows_outlive_new_names(
    make: Make, orm: str, engine: str, postgres: str
) -> None:
    project, query = at(shop_with("database", make, orm, engine), engine, postgres)
    for words in SCHEMA:
        fastgen("generate", *words, "--quiet", folder=project.root)
    with alembic(project) as run:
        run("upgrade head")
        for row in ROWS:
            query(row)
        rows = [query(text) for text in BEFORE]
        for words in RENAMES:
            fastgen(*words, "--quiet", folder=project.root)
    with alembic(project) as run:
        run("upgrade head")
        run("check")
        assert [query(text) for text in AFTER] == rows
        run(f"downgrade -{len(RENAMES)}")
        assert [query(text) for text in BEFORE] == rows
        run("upgrade head")
        run("check")
        assert [query(text) for text in AFTER] == rows
    with pytest.raises(Exception, match=r"(?i)unique"):
        query(TWICE)
    if engine == "postgres":  # sqlite3 checks no foreign keys by itself
        with pytest.raises(Exception, match="foreign key"):
            query(ORPHAN)
        names = query(
            "SELECT conname FROM pg_constraint UNION SELECT indexname FROM"
            " pg_indexes WHERE schemaname = 'public'"
        )
        old = ("product", "tags", "title")
        assert not [n for (n,) in names if {*old} & {*n.split("_")}]
    status = fastgen("status", folder=project.root)
    assert "pristine" in status
    assert "edited" not in status
    project.lint()
    with new_database() as other:
        url = {"TEST_DATABASE_URL": other} if engine == "postgres" else {}
        project.with_variables(**url).passed(files=[*SUITES])

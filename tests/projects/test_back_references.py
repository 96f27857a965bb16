"""Both sides of references, in a project with every kind of them: they are loaded by
queries alone, keep what the database does with a row that is deleted, and follow what
fastgen does later, also where the models were edited."""

import pytest

from .commands import fastgen
from .conftest import Make
from .database import OTHER_WAYS, WAYS, migrate, shop_with
from .rotation import rotated

RESOURCES = (
    ("resource", "Category", "name:str", "parent:ref:Category:optional"),
    ("resource", "Tag", "name:str"),
    (
        *("resource", "Product", "title:str", "category:ref:Category"),
        *("second:ref:Category:optional", "tags:many:Tag", "related:many:Product"),
    ),
    ("resource", "Review", "text:str", "product:ref:Product:cascade"),
    ("resource", "Note", "text:str", "product:ref:Product:setnull:optional"),
    ("field", "Product", "best:ref:Review:optional", "main:ref:Tag:optional"),
)

TEST = """\
# mypy: ignore-errors
import pytest
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import selectinload

from factories.categories import add_category
from factories.notes import add_note
from factories.products import add_product
from factories.reviews import add_review
from factories.tags import add_tag
from lists import statements
from shop.categories.models import Category
from shop.db.session import AsyncSession
from shop.errors import ConflictError
from shop.notes.models import Note
from shop.products.models import Product
from shop.products.service import delete_product
from shop.categories.service import delete_category
from shop.reviews.models import Review
from shop.tags.models import Tag


async def test_both_sides_are_loaded(session: AsyncSession) -> None:
    parent = await add_category(session)
    category = await add_category(session, parent_id=parent.id)
    tag, other = await add_tag(session), await add_tag(session)
    session.expunge_all()
    session.add(
        Product(
            title="Espresso machine",
            category_id=category.id,
            second_id=parent.id,
            main_id=other.id,
            tags=[await session.get_one(Tag, tag.id)],
            reviews=[Review(text="good"), Review(text="bad")],
        )
    )
    await session.commit()
    session.expunge_all()
    options = [
        selectinload(Category.products).selectinload(Product.reviews),
        selectinload(Category.products_by_second),
        selectinload(Category.categories_by_parent),
    ]
    rows = await session.scalars(
        select(Category).order_by(Category.id).options(*options)
    )
    above, below = rows.all()
    assert above.categories_by_parent == [below]
    assert above.products == below.products_by_second == []
    (product,) = below.products
    assert above.products_by_second == [product]
    assert {review.text for review in product.reviews} == {"good", "bad"}
    tags = await session.scalars(
        select(Tag).order_by(Tag.id).options(
            selectinload(Tag.products), selectinload(Tag.products_by_main)
        )
    )
    first, second = tags.all()
    assert (first.products, first.products_by_main) == ([product], [])
    assert (second.products, second.products_by_main) == ([], [product])
    related = await add_product(session, category_id=category.id)
    session.expunge_all()
    row = await session.get_one(
        Product, product.id, options=[selectinload(Product.related)]
    )
    row.related.append(await session.get_one(Product, related.id))
    await session.commit()
    session.expunge_all()
    by_related = selectinload(Product.products_by_related)
    row = await session.get_one(Product, related.id, options=[by_related])
    assert [each.id for each in row.products_by_related] == [product.id]


async def test_nothing_is_loaded_unasked(session: AsyncSession) -> None:
    category = await add_category(session)
    session.expunge_all()
    row = await session.get_one(Category, category.id)
    with pytest.raises(InvalidRequestError):
        assert row.products


async def test_the_database_decides_about_rows_that_refer(
    session: AsyncSession, connection: AsyncConnection
) -> None:
    product = await add_product(session)
    tag = await add_tag(session)
    for _ in range(3):
        await add_review(session, product_id=product.id)
    note = await add_note(session, product_id=product.id)
    session.expunge_all()
    row = await session.get_one(Product, product.id)
    with statements(connection) as sent:
        await delete_product(session, row)
    (only,) = [text for text in sent if not text.startswith(("SAVE", "RELEASE"))]
    assert only.startswith("DELETE FROM products")
    session.expunge_all()
    assert (await session.scalars(select(Review))).all() == []
    assert (await session.get_one(Note, note.id)).product_id is None
    assert await session.get(Tag, tag.id)


async def test_rows_that_are_loaded_are_not_changed_to_free_a_row(
    session: AsyncSession,
) -> None:
    product = await add_product(session)
    session.expunge_all()
    load = selectinload(Category.products)
    row = await session.get_one(Category, product.category_id, options=[load])
    with pytest.raises(ConflictError):
        await delete_category(session, row)
"""


@pytest.mark.slow
@pytest.mark.matrix
@pytest.mark.parametrize(("orm", "engine"), [*WAYS, *rotated(OTHER_WAYS)])
def test_both_sides_of_references(
    make: Make, orm: str, engine: str, postgres: str
) -> None:
    project = shop_with("database", make, orm, engine)
    for words in RESOURCES:
        fastgen("generate", *words, folder=project.root)
    test = project.root / "tests" / "test_back_references.py"
    test.write_text(TEST)
    project.tool("ruff", "format", str(test))
    project.tool("ruff", "check", "--fix", str(test))
    if engine == "postgres":
        project = project.with_variables(TEST_DATABASE_URL=postgres)
    project.check_types()
    files = ("back_references", "relationships", "migrations", "products")
    project.passed(files=[f"tests/test_{name}.py" for name in files])
    test.unlink()
    migrate(project.with_variables(DATABASE_URL="sqlite:///shop.db"), "upgrade head")
    models = project.root / "src/shop/categories/models.py"
    models.write_text(
        models.read_text().replace("class Category", "# mine\nclass Category")
    )
    for words in (
        ("rename", "resource", "Product", "Article"),
        ("rename", "field", "Article", "second", "other"),
        ("remove", "field", "Article", "category"),
        ("remove", "resource", "Note"),
    ):
        fastgen(*words, folder=project.root)
    text = models.read_text()
    assert "# mine" in text
    assert "articles:" in text
    assert "_by_" in text
    assert "product" not in text.lower()
    project.check_types()
    project.lint()
    project.passed(files=["tests/test_relationships.py", "tests/test_articles.py"])

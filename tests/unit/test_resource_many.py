"""A field of the type `many` comes into files that people edited, and goes again."""

from pathlib import Path

from fastgen.cli.main import run

OURS = {
    "models.py": ("    title:", '    nick: str = ""\n    title:'),
    "service.py": (
        "    if query.price is not None:",
        "    if query.limit > 50:\n        rows = rows.where(Product.price < 3)\n"
        "    if query.price is not None:",
    ),
    "router.py": ("import service", "import service  # ours"),
}


def test_many_come_into_edited_files_and_go_again(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["new", "shop", "--no-install", "--no-git", "--quiet"]) == 0
    monkeypatch.chdir("shop")
    for words in ("Tag name:str", "Product title:str price:int:index"):
        assert run(["generate", "resource", *words.split(), "--quiet"]) == 0
    folder = Path("src/shop/products")
    for name, (place, text) in OURS.items():
        path = folder / name
        path.write_text(path.read_text().replace(place, text, 1))
    with (folder / "service.py").open("a") as file:
        file.write("\n\ndef last() -> None: ...\n")
    before = {path: path.read_text() for path in folder.glob("*.py")}
    assert run(["generate", "field", "Product", "tags:many:Tag", "--quiet"]) == 0
    for name, (_, text) in OURS.items():
        assert text in (folder / name).read_text(), name
    service = (folder / "service.py").read_text()
    assert "def add_to_tags_of_product(" in service
    assert "def last() -> None: ...\n" in service
    capsys.readouterr()
    assert run(["generate", "field", "Product", "tags:many:Product"]) == 2
    assert "many:Tag cannot become many:Product" in capsys.readouterr().err
    assert run(["remove", "field", "Product", "tags", "--quiet"]) == 0
    assert {path: path.read_text() for path in folder.glob("*.py")} == before

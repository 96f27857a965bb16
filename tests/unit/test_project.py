"""What is read of a project."""

from fastgen.project.reading import walk


def test_copies_in_what_was_built_are_not_read(tmp_path):
    for path in ("src/shop/build/a.py", "build/lib/shop/a.py", "dist/shop/a.py"):
        file = tmp_path / path
        file.parent.mkdir(parents=True)
        file.touch()
    assert [*walk(tmp_path)] == ["src/shop/build/a.py"]
    assert [*walk(tmp_path, "src")] == ["src/shop/build/a.py"]

"""The language-independent merge of nested blocks."""

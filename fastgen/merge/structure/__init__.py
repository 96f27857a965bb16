"""The merge of nested blocks, whatever the language."""

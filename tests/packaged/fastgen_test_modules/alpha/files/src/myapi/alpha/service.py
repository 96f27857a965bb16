def first_letter() -> str:
    return "a"

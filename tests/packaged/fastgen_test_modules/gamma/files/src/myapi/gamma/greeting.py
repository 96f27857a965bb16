def greeting() -> str:
    return "Hello from myapi."

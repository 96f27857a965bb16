from locust import HttpUser


def ask_health(visitor: HttpUser) -> None:
    """As a load balancer does."""
    visitor.client.get("/health/live")
    visitor.client.get("/health/ready")

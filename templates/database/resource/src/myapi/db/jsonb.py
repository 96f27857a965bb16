from sqlalchemy import JSON
from sqlalchemy.dialects.postgresql import JSONB

# JSONB has what a plain `json` of PostgreSQL lacks: comparison, operators and indexes.
JSONDocument = JSON(none_as_null=True).with_variant(
    JSONB(none_as_null=True), "postgresql"
)

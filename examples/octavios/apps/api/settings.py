"""What the backend needs to know. A wrong value ends the start with its name, before anything listens."""

from typing import Annotated

from pydantic import Field, MongoDsn, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

# Comma-separated, as the env file has them. Without NoDecode pydantic would read JSON.
CommaSeparated = Annotated[list[str], NoDecode]


class Settings(BaseSettings):
    mongodb_url: MongoDsn
    secret_key: SecretStr = Field(min_length=32)
    jwt_secret_key: SecretStr = Field(min_length=32)
    allowed_hosts: CommaSeparated
    cors_origins: CommaSeparated

    @field_validator("allowed_hosts", "cors_origins", mode="before")
    @classmethod
    def split(cls, value: str) -> list[str]:
        return [part.strip() for part in value.split(",") if part.strip()]


settings = Settings()

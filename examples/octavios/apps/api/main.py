import psycopg
from fastapi import FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from settings import settings

api = FastAPI(title="OctaviOS")
api.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.allowed_hosts)
api.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins, allow_methods=["*"])

# Whoever looks whether the service works does not ask by its public name: health stands outside of the allowed hosts.
app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


def connect() -> psycopg.Connection:
    return psycopg.connect(str(settings.database_url), connect_timeout=3, options="-c statement_timeout=3000")


@app.get("/api/health")
def health() -> dict[str, str]:
    try:
        with connect() as connection:
            connection.execute("SELECT 1")
    except psycopg.Error:
        raise HTTPException(503, {"status": "unhealthy", "database": "unreachable"}) from None
    return {"status": "ok", "database": "connected"}


@api.get("/api/users")
def users() -> list[dict[str, str]]:
    with connect() as connection:
        rows = connection.execute("SELECT email, name FROM users ORDER BY email").fetchall()
    return [{"email": email, "name": name} for email, name in rows]


app.mount("/", api)

from fastapi import FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from people import client, users
from pymongo import timeout
from pymongo.errors import PyMongoError
from settings import settings

api = FastAPI(title="OctaviOS")
api.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.allowed_hosts)
api.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins, allow_methods=["*"])

# Whoever looks whether the service works does not ask by its public name: health stands outside of the allowed hosts.
app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/api/health")
def health() -> dict[str, str]:
    try:
        with timeout(3):
            client.admin.command("ping")
    except PyMongoError:
        raise HTTPException(503, {"status": "unhealthy", "database": "unreachable"}) from None
    return {"status": "ok", "database": "connected"}


@api.get("/api/users")
def list_users() -> list[dict[str, str]]:
    with timeout(10):
        return list(users.find({}, {"_id": False, "email": True, "name": True}).sort("email"))


app.mount("/", api)

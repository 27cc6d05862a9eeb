import re
from pathlib import Path

from fastapi import FastAPI, HTTPException, UploadFile
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    files: Path = Path("/files")


settings = Settings()
app = FastAPI(title="File manager")


@app.get("/health")
def health() -> dict[str, str]:
    if not settings.files.is_dir():
        raise HTTPException(503, {"status": "unhealthy", "files": "not mounted"})
    return {"status": "ok"}


@app.post("/files", status_code=201)
def put(file: UploadFile) -> dict[str, str | int]:
    name = file.filename or ""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}", name):
        raise HTTPException(400, "a file's name has letters, digits, dots and hyphens")
    content = file.file.read(10_000_000)
    (settings.files / name).write_bytes(content)
    return {"name": name, "bytes": len(content)}

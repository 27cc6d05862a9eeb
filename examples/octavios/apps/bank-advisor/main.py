from fastapi import FastAPI, HTTPException
from settings import settings
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

VERSION = "0.1.9"
engine = create_engine(
    settings.sqlalchemy_url(),
    pool_size=5,
    pool_pre_ping=True,
    connect_args={"connect_timeout": 3, "options": "-c statement_timeout=3000"},
)
app = FastAPI(title="Bank advisor")


@app.get("/health")
def health() -> dict[str, str]:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        raise HTTPException(503, {"status": "unhealthy", "database": "unreachable"}) from None
    return {"status": "ok", "database": "connected", "version": VERSION}


@app.get("/kpis/summary")
def summary() -> dict[str, int]:
    with engine.connect() as connection:
        row = connection.execute(text("SELECT count(*), count(DISTINCT institucion_id), max(month) FROM monthly_kpis")).one()
    return {"rows": row[0], "instituciones": row[1], "latest_month": row[2] or 0}

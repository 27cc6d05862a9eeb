"""54 institutions and the 7,320 monthly numbers that are published of them. Looks first; changes and deletes nothing."""

from settings import settings
from sqlalchemy import create_engine, text

engine = create_engine(settings.sqlalchemy_url())
with engine.begin() as connection:
    instituciones = connection.execute(
        text("INSERT INTO instituciones SELECT n, 'Banco ' || lpad(n::text, 2, '0') FROM generate_series(1, 54) n ON CONFLICT DO NOTHING")
    ).rowcount
    kpis = connection.execute(
        text(
            "INSERT INTO monthly_kpis SELECT 1 + n % 54, n / 54, 1 + (n * 7 % 900) / 100.0, 90 + (n * 3 % 800) / 10.0, 1e6 + n * 1250.25"
            " FROM generate_series(0, 7319) n ON CONFLICT DO NOTHING"
        )
    ).rowcount
print(f"seed: {instituciones} instituciones and {kpis} monthly_kpis created, the others were there already")

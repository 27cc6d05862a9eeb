"""The eight people of the team: each is looked up before it is made, nobody is changed or deleted."""

import psycopg
from settings import settings

PEOPLE = ["ana", "bruno", "carla", "diego", "elena", "fabio", "gina", "hugo"]

with psycopg.connect(str(settings.database_url)) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL)")
    created = 0
    for name in PEOPLE:
        row = (f"{name}@octavios.example", name.capitalize())
        created += connection.execute("INSERT INTO users (email, name) VALUES (%s, %s) ON CONFLICT (email) DO NOTHING", row).rowcount
    print(f"seed: {created} users created, {len(PEOPLE) - created} were there already")

"""The eight people of the team: each is looked up before it is made, nobody is changed or deleted."""

from people import users

PEOPLE = ["ana", "bruno", "carla", "diego", "elena", "fabio", "gina", "hugo"]

users.create_index("email", unique=True)
created = 0
for name in PEOPLE:
    person = {"email": f"{name}@octavios.example", "name": name.capitalize()}
    found = users.update_one({"email": person["email"]}, {"$setOnInsert": person}, upsert=True)
    created += found.upserted_id is not None
print(f"seed: {created} users created, {len(PEOPLE) - created} were there already")

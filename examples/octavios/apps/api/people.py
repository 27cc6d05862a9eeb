"""The collection of users."""

from pymongo import MongoClient
from settings import settings

client = MongoClient(str(settings.mongodb_url))
users = client.get_default_database()["users"]

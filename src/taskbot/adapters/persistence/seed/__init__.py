"""Made-up people with made-up tasks, as many as it takes to see how a full database behaves."""

from taskbot.adapters.persistence.seed.load import NotEmpty, load_seed
from taskbot.adapters.persistence.seed.people import Seed, SeededPerson, seeded_people

__all__ = ["NotEmpty", "Seed", "SeededPerson", "load_seed", "seeded_people"]

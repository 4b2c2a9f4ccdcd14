"""What holds for all tests: properties are judged by their answers, never by how long a busy machine took."""

from hypothesis import settings

settings.register_profile("dealwatch", deadline=None)
settings.load_profile("dealwatch")

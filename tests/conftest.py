"""What holds for all tests: properties are judged by their answers, never by how long a busy machine took."""

from hypothesis import HealthCheck, settings

settings.register_profile("dealwatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dealwatch")

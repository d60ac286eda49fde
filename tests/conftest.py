"""A few schemes, loaded once."""

import pytest
from hypothesis import settings

import futureindustry as fi

# How long a case takes says something of the machine and nothing of the law.
settings.register_profile("laws", deadline=None)
settings.load_profile("laws")


@pytest.fixture(scope="session")
def hefei():
    return fi.load("hefei-htz/future-industries@2024-05")


@pytest.fixture(scope="session")
def shenzhen_2022():
    return fi.load("shenzhen/20-plus-8@2022-06")


@pytest.fixture(scope="session")
def shenzhen_2024():
    return fi.load("shenzhen/20-plus-8@2024-03")


@pytest.fixture(scope="session")
def miit():
    return fi.load("miit/future-industries@2024-01")


@pytest.fixture(scope="session")
def hub():
    return fi.catalog().hub()

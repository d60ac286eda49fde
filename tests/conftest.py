"""A few schemes, loaded once."""

import pytest

import futureindustry as fi


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

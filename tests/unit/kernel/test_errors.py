import pickle

import pytest

from dispatch.kernel import errors


@pytest.mark.parametrize("kind", [errors.NotFound, errors.Conflict, errors.Invalid, errors.Refused, errors.Unavailable])
def test_every_error_carries_code_message_and_hint(kind: type[errors.TarimError]) -> None:
    error = kind("thing.reason", "Something is wrong.", "Do this.")
    assert (error.code, error.message, error.hint) == ("thing.reason", "Something is wrong.", "Do this.")
    assert str(error) == "Something is wrong. Do this."
    assert str(kind("thing.reason", "Something is wrong.")) == "Something is wrong."


def test_an_absent_database_is_one_of_the_unavailable_things() -> None:
    error = errors.DatabaseUnavailable()
    assert isinstance(error, errors.Unavailable)
    assert error.code == "database.unavailable"
    assert error.hint


def test_errors_pass_between_processes() -> None:
    for error in (errors.Refused("a.b", "No.", "Wait."), errors.DatabaseUnavailable()):
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
        assert (type(copy), copy.code, copy.message, copy.hint) == (type(error), error.code, error.message, error.hint)

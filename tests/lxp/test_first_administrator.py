import pytest
from django.core.management import CommandError, call_command

from accounts.models import Invitation, User

pytestmark = pytest.mark.django_db


def test_first_administrator_is_invited(capsys):
    call_command("first_administrator", "Ada@Example.org", "Ada Ó Briain")

    user = User.objects.get()
    assert (user.email, user.name, user.has_usable_password()) == (
        "ada@example.org",
        "Ada Ó Briain",
        False,
    )
    assert [role.key for role in user.roles] == ["administrator"]
    assert [one.user for one in Invitation.objects.all()] == [user]
    assert capsys.readouterr().out == (
        "An invitation goes to ada@example.org within a few minutes.\n"
    )


def test_second_first_administrator_is_refused(user_with_role):
    user_with_role("administrator")

    with pytest.raises(CommandError, match="There is an administrator already"):
        call_command("first_administrator", "eve@example.org", "Eve")

    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "words"),
    [("not an address", "is not an email address"), ("lead@example.org", "already an account")],
)
def test_address_that_cannot_be_invited_is_refused(user_with_role, email, words):
    user_with_role("lead", email="lead@example.org")

    with pytest.raises(CommandError, match=words):
        call_command("first_administrator", email, "Ada")

    assert User.objects.count() == 1

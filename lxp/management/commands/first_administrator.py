"""Lets the first person into a deployment: `manage.py first_administrator EMAIL NAME`."""

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accounts import actions
from accounts.models import RoleGrant, User


class Command(BaseCommand):
    help = "Make the first administrator, who gets an invitation by email to set a password."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    @transaction.atomic
    def handle(self, *, email: str, name: str, **_options) -> None:
        now = timezone.now()
        today = timezone.localdate(now)
        in_force = RoleGrant.objects.in_force_on(today).filter(user__is_active=True)
        if in_force.filter(role="administrator").exists():
            raise CommandError("There is an administrator already, who can invite others.")
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is not an email address.") from error
        if User.objects.filter(email=email.lower()).exists():
            raise CommandError("There is already an account with this email address.")
        user = User.objects.create_user(email=email, name=name)
        RoleGrant.objects.create(user=user, role="administrator", starts_on=today)
        actions.invite_again(user=user, by=user, at=now)
        self.stdout.write(f"An invitation goes to {user.email} within a few minutes.")

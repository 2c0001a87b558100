"""People who sign in, the roles they hold, and the sites a role can be limited to."""

import datetime as dt
import uuid
from collections.abc import Iterable
from functools import cached_property

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.roles import MANAGE_SITES, MANAGE_USERS, ROLE_CHOICES, ROLES, Role, roles_with


class SiteQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "SiteQuerySet":
        """Sites a user may see in the list of sites: all, or those their role is limited to."""
        sites = user.sites_for(MANAGE_SITES)
        return self.all() if sites is None else self.filter(pk__in=sites)


@pghistory.track(append_only=True)
class Site(models.Model):
    """A place the programme works in: a hospital, a town, a community base.

    It stands in this app because a role can be limited to it; see docs/decisions/0002.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="site_name_once",
                violation_error_message="There is already a site with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class UserQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "UserQuerySet":
        """Accounts a user may see in the list of users: all for who manages them, else one's own.

        Accounts belong to no site, so an administrator limited to a site manages none.
        """
        if user.sites_for(MANAGE_USERS) is None:
            return self.all()
        return self.filter(pk=user.pk)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(
        self, *, email: str, name: str, password: str | None = None, **fields
    ) -> "User":
        """Create an account; without a password nobody can sign in to it yet."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(email=username.lower())


@pghistory.track(exclude=["password", "last_login"], append_only=True)
class User(AbstractBaseUser):
    """Somebody who signs in, with an e-mail address as the name to sign in with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(
        "email address",
        max_length=254,
        unique=True,
        error_messages={"unique": "There is already an account with this email address."},
    )
    name = models.CharField(max_length=150)
    preferred_role_term = models.CharField(
        max_length=60,
        blank=True,
        help_text="What you like to be called at work, for example peer worker or LXP.",
    )
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "email"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_lower_case",
                violation_error_message="Write the email address in small letters.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether a role in force today gives a permission; with a `Site`, for that site."""
        # Not by every backend: Django's own would ask for groups, which accounts here do not have.
        if not self.is_active:
            return False
        sites = self.sites_for(perm)
        if sites is None:
            return True
        return obj.pk in sites if isinstance(obj, Site) else bool(sites)

    def has_perms(self, perm_list: Iterable[str], obj: object = None) -> bool:
        """Whether every one of these permissions holds, as Django's own decorator asks."""
        return all(self.has_perm(perm, obj) for perm in perm_list)

    @cached_property
    def grants_in_force(self) -> list["RoleGrant"]:
        """The grants that hold today, read once for each request."""
        return list(self.grants.in_force_on(timezone.localdate()))

    @property
    def roles(self) -> list[Role]:
        """The distinct roles held today, in the order of `ROLES`."""
        held = {grant.role for grant in self.grants_in_force}
        return [role for key, role in ROLES.items() if key in held]

    def sites_for(self, perm: str) -> frozenset[uuid.UUID] | None:
        """The sites for which a permission holds today: `None` for every site, empty for none."""
        granting = roles_with(perm)
        sites = {grant.site_id for grant in self.grants_in_force if grant.role in granting}
        return None if None in sites else frozenset(sites)

    @property
    def needs_second_factor(self) -> bool:
        """Whether a role held today asks for a second factor at sign-in."""
        return any(role.needs_second_factor for role in self.roles)


class RoleGrantQuerySet(models.QuerySet):
    def in_force_on(self, day: dt.date) -> "RoleGrantQuerySet":
        """Grants that hold on a day; the day it ends on is the first without it."""
        return self.filter(starts_on__lte=day).filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=day)
        )


@pghistory.track(append_only=True)
class RoleGrant(models.Model):
    """A role given to a user, for one site or for all, from a day until before another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "role"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="grant_ends_after_start",
                violation_error_message="A role cannot end before it starts.",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=list(ROLES)), name="grant_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} from {self.starts_on:%d %B %Y}"


class MailQuerySet(models.QuerySet):
    def waiting(self, at: dt.datetime) -> "MailQuerySet":
        """What is written down, not sent, young enough to be worth it, and in nobody's hands."""
        return self.filter(
            sent_at__isnull=True, created_at__gt=at - self.model.WORTH_SENDING
        ).filter(models.Q(claimed_until__isnull=True) | models.Q(claimed_until__lte=at))


class Mail(models.Model):
    """What an e-mail to one user is made of: a row first, the e-mail after.

    The worker claims a waiting row, sends, and marks it sent. A row holds no text and no address:
    both are made when it is sent.
    """

    WORTH_SENDING = dt.timedelta(days=1)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(
        max_length=60, blank=True, help_text="The kind of error, never its text."
    )

    objects = MailQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-created_at"]


class InvitationQuerySet(MailQuerySet):
    def waiting(self, at: dt.datetime) -> "InvitationQuerySet":
        return super().waiting(at).filter(accepted_at__isnull=True, user__is_active=True)


@pghistory.track(exclude=["claimed_until"], append_only=True)
class Invitation(Mail):
    """An invitation to set a password for an account that somebody else made."""

    OPEN_FOR = dt.timedelta(days=7)
    WORTH_SENDING = OPEN_FOR

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Invitation of {self.created_at:%d %B %Y}"

    def is_open(self, at: dt.datetime) -> bool:
        """Whether its link still works: unused, not too old, for an account nobody has opened."""
        return (
            self.accepted_at is None
            and self.created_at > at - self.OPEN_FOR
            and self.user.is_active
            and not self.user.has_usable_password()
        )


class NoticeKind(models.TextChoices):
    NEW_PASSWORD = "new_password", "Link to set a new password"
    PASSWORD_CHANGED = "password_changed", "Password changed"
    STEP_ADDED = "step_added", "Second step added"
    STEP_REMOVED = "step_removed", "Second step removed"
    CODES_MADE = "codes_made", "Recovery codes made"
    EMAIL_CHANGED = "email_changed", "Email address changed"
    RECORD_UNLINKED = "record_unlinked", "Record unlinked from the account"


@pghistory.track(
    pghistory.InsertEvent(), exclude=["claimed_until", "former_email"], append_only=True
)
class Notice(Mail):
    """A message to a user about their own account.

    A request for a new password is a row whether or not an account has the address, so that the
    page does the same work for both; without a user nothing is sent.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    former_email = models.EmailField(
        blank=True, max_length=254, help_text="Where to send it instead; emptied once it is sent."
    )

    class Meta(Mail.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=NoticeKind.values),
                name="notice_kind_known",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

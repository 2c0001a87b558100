"""Who supervises somebody never becomes that person's own account, to confirm their own words."""

from django.db import migrations

NAME = "person_account_supervises"
CREATE = f"""
CREATE FUNCTION supervision_{NAME}() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT FROM supervision_agreement
        WHERE person_id = NEW.id AND supervisor_id = NEW.user_id
    ) OR EXISTS (
        SELECT FROM supervision_cover c JOIN supervision_agreement a ON a.id = c.agreement_id
        WHERE a.person_id = NEW.id AND c.stand_in_id = NEW.user_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = '{NAME}', MESSAGE = '{NAME}';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER supervision_{NAME} BEFORE UPDATE OF user_id ON programme_person
FOR EACH ROW WHEN (NEW.user_id IS NOT NULL AND NEW.user_id IS DISTINCT FROM OLD.user_id)
EXECUTE FUNCTION supervision_{NAME}();
"""
REMOVE = f"""
DROP TRIGGER supervision_{NAME} ON programme_person;
DROP FUNCTION supervision_{NAME}();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0004_record_locks"),
        ("programme", "0001_programme"),
    ]

    operations = [migrations.RunSQL(CREATE, REMOVE)]

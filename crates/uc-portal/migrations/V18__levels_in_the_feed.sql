-- A person's devices hear of a new level as of any other change of the profile.
DROP TRIGGER profile_changed;
CREATE TRIGGER profile_changed AFTER UPDATE OF profile, account_level ON person
WHEN OLD.profile <> NEW.profile OR OLD.account_level <> NEW.account_level BEGIN
    UPDATE feed_entry
    SET seq = (SELECT coalesce(max(seq), 0) + 1 FROM feed_entry WHERE person = NEW.id)
    WHERE person = NEW.id AND kind = 'profile' AND id = NEW.id;
END;

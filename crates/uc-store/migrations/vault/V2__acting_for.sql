-- In whose name, where it is not the person's own: number in the register.
ALTER TABLE draft ADD COLUMN acting_for TEXT;
ALTER TABLE outbox ADD COLUMN acting_for TEXT;

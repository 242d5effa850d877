-- In whose name an application was made, where it was not the person's own: number in the register, and the name then.
ALTER TABLE application ADD COLUMN acting_for TEXT;
ALTER TABLE application ADD COLUMN acting_for_name TEXT;

-- What an agency wrote in English beside its words.
ALTER TABLE activity ADD COLUMN description_en TEXT;

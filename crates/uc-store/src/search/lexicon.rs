//! Stems of words that were met before: the texts of a catalogue repeat few words.

use std::collections::{BTreeSet, HashMap};

use super::stems;

/// What was met in some texts.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    known: HashMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    /// Joined by spaces; none of a stop word.
    stems: String,
    /// It was met in a name.
    in_a_name: bool,
}

impl Lexicon {
    /// The stems of a text in order, joined by spaces.
    pub(crate) fn read(&mut self, text: &str) -> String {
        self.join(stems::pieces(text), false)
    }

    /// The same of names, whose words are worth to be guessed from mistyped ones.
    pub(crate) fn read_names<'t>(&mut self, names: impl IntoIterator<Item = &'t str>) -> String {
        self.join(names.into_iter().flat_map(stems::pieces), true)
    }

    fn join<'t>(&mut self, words: impl Iterator<Item = &'t str>, in_a_name: bool) -> String {
        let mut joined = String::new();
        for word in words {
            let entry = self.meet(word);
            entry.in_a_name |= in_a_name;
            if !entry.stems.is_empty() && !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(&entry.stems);
        }
        joined
    }

    fn meet(&mut self, word: &str) -> &mut Entry {
        if !self.known.contains_key(word) {
            let entry = Entry {
                stems: stems::of_text(word).join(" "),
                in_a_name: false,
            };
            self.known.insert(word.to_owned(), entry);
        }
        self.known.get_mut(word).expect("it was met")
    }

    /// The stems of names that are words, in order.
    pub(crate) fn vocabulary(&self) -> BTreeSet<&str> {
        let named = self.known.values().filter(|entry| entry.in_a_name);
        named
            .flat_map(|entry| entry.stems.split(' '))
            .filter(|stem| !stem.is_empty() && stems::is_word(stem))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_the_stems_of_its_words_however_often_they_were_met() {
        let mut lexicon = Lexicon::default();
        for text in ["Замена паспорта, и ещё раз замена", "о замене: №7", ""]
        {
            assert_eq!(lexicon.read(text), stems::of_text(text).join(" "));
        }
    }

    #[test]
    fn words_of_names_make_the_vocabulary() {
        let mut lexicon = Lexicon::default();
        lexicon.read("справка");
        lexicon.read_names(["паспорт 7", "о паспортах"]);
        assert_eq!(Vec::from_iter(lexicon.vocabulary()), ["паспорт"]);
        lexicon.read_names(["справка"]);
        assert_eq!(lexicon.vocabulary().len(), 2);
    }
}

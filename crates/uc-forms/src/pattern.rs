//! Patterns of texts, in the subset that ECMA-262 and `regex-lite` read alike.

use std::fmt;

use regex_lite::Regex;

/// A compiled pattern. Equal when written alike.
#[derive(Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// `None` outside the subset: literals, classes, groups, counts, anchors, `|` and `\d`.
    pub(crate) fn parse(source: &str) -> Option<Self> {
        if reads_alike(source) {
            Regex::new(source).ok().map(Self)
        } else {
            None
        }
    }

    /// Whether some part of the text matches: anchors belong to the pattern.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// As the schema has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Escapes by letter other than `\d` and groups with flags or looks differ between the engines; so does a class inside
/// a class.
fn reads_alike(source: &str) -> bool {
    let mut characters = source.chars().peekable();
    let mut in_class = false;
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        let alike = match character {
            '\\' => {
                characters.next();
                next.is_some_and(|escaped| escaped == 'd' || escaped.is_ascii_punctuation())
            }
            '(' if !in_class => next != Some('?'),
            '[' if in_class => false,
            '&' | '~' | '-' if in_class => next != Some(character),
            '[' | ']' => {
                in_class = character == '[';
                true
            }
            _ => true,
        };
        if !alike {
            return false;
        }
    }
    true
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pattern({:?})", self.as_str())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

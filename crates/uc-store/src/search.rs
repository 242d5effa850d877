//! Search in the catalogue, as one types.
//!
//! Words become stems here, not in SQLite: its tokenizers know no Russian. What the person typed never reaches `MATCH`;
//! only letters and digits of it do, in quotes. A query is asked more and more leniently until something is found:
//! every word (the last one perhaps unfinished), then with unknown words taken for what they may have meant (in the other
//! keyboard layout, or without slips of the finger), then with one word fewer at a time.

mod distance;
mod family;
mod layout;
pub(crate) mod lexicon;
mod marks;
pub(crate) mod own;
mod plan;
mod ranked;
pub(crate) mod stems;

/// The text that the index holds for `text`: stems joined by spaces. For measurements against the bare index.
#[must_use]
pub fn index_text(text: &str) -> String {
    stems::of_text(text).join(" ")
}

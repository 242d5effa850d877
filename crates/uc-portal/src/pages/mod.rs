//! Pages that the portal shows in a browser: plain HTML, no script.

mod language;

pub use language::Language;

//! Application forms: what to ask, when to show it, and which answers are good.
//!
//! No I/O, no clock. Compiles for `wasm32-unknown-unknown`: the interface shows and checks the same [`Form`] that the
//! core settles before sending.

mod fault;
mod form;
pub mod format;
mod layout;
mod logic;
mod pattern;
mod schema;
mod soundness;
#[cfg(any(test, feature = "jsonschema"))]
pub mod verdict;

#[cfg(test)]
mod tests;

pub use fault::{BrokenRule, FieldFault, InvalidForm};
pub use form::{ChoiceOption, Effect, Field, FieldKind, Form, Item, ShowRule, Step, Words};
pub use format::Format;
pub use pattern::Pattern;

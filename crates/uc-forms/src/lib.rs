//! Application forms: what to ask, when to show it, and which answers are good.
//!
//! A form is a JSON Schema (what the application holds) and a JSON Forms layout (how it is asked). [`Form::parse`]
//! reads both into plain types for the interface to draw and refuses what it does not understand: a rule that is not
//! known cannot be kept, and a form that nobody could send is found before anybody starts to fill it in.
//!
//! No I/O, no clock. Compiles for `wasm32-unknown-unknown`: the interface shows and checks the same [`Form`] that the
//! core settles before sending. The feature `jsonschema` adds `verdict`, the full validator, for programs.
//!
//! # The schema
//!
//! An object of flat properties with `additionalProperties: false`. A property is one of
//!
//! | `type` | keywords | becomes |
//! |---|---|---|
//! | `string` | `minLength`, `maxLength`, `pattern`, `format` | [`FieldKind::Text`] |
//! | `string` | `oneOf: [{const, title}]` | [`FieldKind::Choice`] |
//! | `integer`, `number` | `minimum`, `maximum` | [`FieldKind::Integer`], [`FieldKind::Number`] |
//! | `boolean` | `const: true` for a confirmation | [`FieldKind::Flag`] |
//! | (`$ref`) | `$ref: "#/$defs/file"`, see [`mod@file`] | [`FieldKind::File`] |
//!
//! and may say how to ask: `title`, `description`, `x-gu-en` (both in English), `x-gu-example`, `x-gu-source`,
//! `x-gu-multiline`, `x-gu-sensitive`. Formats are those of [`Format`]; patterns use literals, classes, groups,
//! counts, anchors, `|` and `\d`, which ECMA-262 and this crate read alike.
//!
//! `required` lists what is always asked. What is required only under certain answers stands in
//! `allOf: [{if: {properties: {p: {const}}, required: [p]}, then: {required}}]`.
//!
//! # The layout
//!
//! A `Categorization` drawn as a stepper; each `Category` is a [`Step`] of `Control`s and `Label`s, which a `Group` may
//! hold together. Each of these may have a rule: `SHOW` or `HIDE` while another property equals a text or a boolean.
//!
//! # What holds for every form
//!
//! - A hidden answer counts as not given, in rules and in demands alike, so that rules compose. They never go round.
//! - Every property stands in the layout once. What is required always shows.
//! - For settled answers ([`Form::settle`]) [`Form::check`] and the schema's validator find the same properties at
//!   fault.
//! - Answers and faults keep apart: no error and no fault of this crate holds an answer.

mod fault;
pub mod file;
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

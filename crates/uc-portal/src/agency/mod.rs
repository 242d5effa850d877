//! The agencies, simulated: what each does with an application is a script; when, tells the agencies' clock.
//!
//! Where an application stands in its script is a row in the store, so a killed portal goes on where it was.

mod act;
mod run;
mod script;

pub use act::{Act, Case, Next, plan};
pub(crate) use run::after;
pub use run::{Bell, run};
pub use script::{Action, Script, ScriptFault, Step};

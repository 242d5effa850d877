//! What changed for a person: the feed to pull, and the hints that there is something to pull.

mod events;
mod hints;
mod http;
mod news;
mod roaming;

pub use hints::{Hints, Listener};
pub use http::router;

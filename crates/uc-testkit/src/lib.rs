//! What tests need: a clock by hand, a keyring in memory, seeded chance, a hostile OpenID provider, an app with its
//! portal.
//!
//! A dev-dependency only. Nothing here is for a release.

pub mod app;
pub mod biometrics;
pub mod browser;
pub mod clock;
pub mod departures;
pub mod entropy;
pub mod forms;
pub mod hostile_app;
pub mod hostile_op;
pub mod keyring;
pub mod network;
pub mod notifier;
mod supplies;

pub use app::{PASSCODE, TestApp};
pub use biometrics::MemorySensor;
pub use browser::{Person, WalkingBrowser};
pub use clock::ManualClock;
pub use departures::MemoryDepartures;
pub use entropy::{SeededEntropy, seeded_rng};
pub use forms::{CERTIFICATE, completed_certificate};
pub use hostile_app::HostileApp;
pub use hostile_op::HostileOp;
pub use keyring::MemoryKeyring;
pub use network::Network;
pub use notifier::RecordingNotifier;
pub use supplies::MemorySupplies;

/// Tells how many negative cases the test of this thread tried and saw refused, for whoever counts them.
#[expect(clippy::print_stdout, reason = "the counter reads what tests print")]
pub fn tell_cases(count: usize) {
    let thread = std::thread::current();
    println!("cases: {count} of {}", thread.name().unwrap_or_default());
}

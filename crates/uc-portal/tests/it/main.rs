//! The portal over its own wire: TLS, HTTP, and a browser that follows no redirect by itself.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail by panicking")]

mod citizen;
mod harness;
mod newcomer;
mod passkeys;
mod proof_key;
mod upstream;

mod access;
mod agencies;
mod applications;
mod assertions;
mod authenticator;
mod authorize;
mod backchannel;
mod basic_plan;
mod catalogue;
mod clients;
mod device_proof;
mod documents;
mod dpop;
mod elsewhere;
mod email;
mod equal_times;
mod events;
mod files;
mod guesses;
mod journal;
mod killed;
mod links;
mod messages;
mod notify;
mod pairing;
mod pushed;
mod recovery;
mod registration;
mod registry;
mod restart;
mod roaming;
mod rotation;
mod second_factor;
mod sessions;
mod sign_in;
mod tokens;
mod transport;

//! The relying party against a provider with one defect at a time.

mod browser;
mod clocks;
mod harness;
mod id_token;
mod metadata;
mod proofs;
mod refresh;
mod sign_in;
mod token_endpoint;

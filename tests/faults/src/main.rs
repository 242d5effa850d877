//! Faults: the client is killed at each step that it takes outside itself, and what is left is looked at.
//!
//! The killed client is this program again: it counts every write of files and keyring and every exchange with the
//! portal, and ends itself by SIGKILL at the one it was told, or is killed from outside at a moment of chance.

mod act;
mod auth;
mod client;
mod fault_point;
mod file_keyring;
mod killed;
mod memory;
mod network;
mod outbox;
mod ports;
mod report;
mod rig;
mod simulated;
mod store;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Kills the client where it hurts and looks what is left.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Sign-in, refresh, change of passcode, sign-out
    Auth(auth::Options),
    /// What a vault keeps through kills, losses of power and damage
    Store(store::Options),
    /// What becomes of submissions in histories of chance
    Outbox(outbox::Options),
    /// The protocol of submissions in simulated time
    Simulated(simulated::Options),
    /// A hostile network: certificates, protocols and answers that no portal gives
    Network(network::Options),
    /// The client under other surroundings
    #[command(hide = true)]
    NetworkProbe(network::Probe),
    /// The writer that is killed
    #[command(hide = true)]
    StoreWriter(store::Writer),
    /// What a locked client leaves in its memory
    Memory(memory::Options),
    /// The client that is looked at
    #[command(hide = true)]
    Resident(memory::Resident),
    /// The client that is killed
    #[command(hide = true)]
    Client(client::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let ran = match Arguments::parse().what {
        What::Auth(options) => auth::run(&options).await,
        What::Store(options) => store::run(&options).await,
        What::Outbox(options) => Box::pin(outbox::run(&options)).await,
        What::Simulated(options) => simulated::run(&options),
        What::Network(options) => Box::pin(network::run(&options)).await,
        What::NetworkProbe(options) => network::probe(&options).await,
        What::StoreWriter(options) => store::write(&options),
        What::Memory(options) => memory::run(&options).await,
        What::Resident(options) => memory::reside(options).await,
        What::Client(options) => client::run(options).await,
    };
    match ran {
        Ok(code) => code,
        Err(error) => {
            report::complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

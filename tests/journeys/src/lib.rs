//! Journeys: the core against a real portal on loopback, with a clock by hand. One module for each group of
//! requirements.

#[cfg(test)]
mod account;
#[cfg(test)]
mod applications;
#[cfg(test)]
mod device_key;
#[cfg(test)]
mod files;
#[cfg(test)]
mod links;
#[cfg(test)]
mod offline;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod passcode;
#[cfg(test)]
mod roaming;
#[cfg(test)]
mod sensor;
#[cfg(test)]
mod session;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod sign_out;
#[cfg(test)]
mod upkeep;

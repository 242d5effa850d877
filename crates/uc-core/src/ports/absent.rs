//! Ports of a system that has no such thing.

use futures_util::{
    FutureExt as _, StreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream},
};

use super::{
    Biometrics, Departure, Departures, Scarcity, SecretVec, Sensor, SensorFault, Supplies,
};

/// Holds nothing and asks nobody: the passcode alone unlocks.
#[derive(Debug, Clone, Copy)]
pub struct NoSensor;

impl Biometrics for NoSensor {
    fn sensor(&self) -> BoxFuture<'_, Option<Sensor>> {
        async { None }.boxed()
    }

    fn holds_key(&self) -> BoxFuture<'_, bool> {
        async { false }.boxed()
    }

    fn keep(&self, _: SecretVec, _: &'static str) -> BoxFuture<'_, Result<(), SensorFault>> {
        async { Err(SensorFault::Unavailable) }.boxed()
    }

    fn release(&self, _words: &'static str) -> BoxFuture<'_, Result<SecretVec, SensorFault>> {
        async { Err(SensorFault::Unavailable) }.boxed()
    }

    fn forget(&self) -> BoxFuture<'_, Result<(), SensorFault>> {
        async { Ok(()) }.boxed()
    }
}

/// Nobody tells: the app locks by the time without use alone.
#[derive(Debug, Clone, Copy)]
pub struct NoDepartures;

impl Departures for NoDepartures {
    fn watch(&self) -> BoxStream<'static, Departure> {
        stream::empty().boxed()
    }
}

/// The system says nothing of network and battery.
#[derive(Debug, Clone, Copy)]
pub struct Plenty;

impl Supplies for Plenty {
    fn look(&self) -> BoxFuture<'_, Scarcity> {
        async { Scarcity::default() }.boxed()
    }
}

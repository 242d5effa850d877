//! A key held by the kernel: outside this process's memory, never swapped, and gone with the process.

use std::sync::mpsc;

use linux_keyutils::{Key, KeyError, KeyRing, KeyRingIdentifier};
use tokio::sync::oneshot;
use uc_core::ports::{SecretVec, SensorFault};
use uc_model::Secret;

/// What the kernel calls the key. Nobody else can see into the ring that it lies in.
const NAME: &str = "edinyi-klient";

type Job = Box<dyn FnOnce(&mut Option<Key>) + Send>;

/// Holds at most one key, in the ring of a thread of its own: other threads cannot read there.
#[derive(Debug)]
pub(super) struct Keeper(mpsc::Sender<Job>);

impl Keeper {
    pub(super) fn start() -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        std::thread::spawn(move || {
            let mut held = None;
            for job in queue {
                job(&mut held);
            }
        });
        Self(jobs)
    }

    pub(super) async fn keep(&self, secret: SecretVec) -> Result<(), SensorFault> {
        self.run(move |held| {
            forget(held)?;
            let ring = KeyRing::from_special_id(KeyRingIdentifier::Thread, true)?;
            *held = Some(ring.add_key(NAME, secret.expose())?);
            Ok(())
        })
        .await
    }

    pub(super) async fn holds(&self) -> bool {
        self.run(|held| Ok(held.is_some())).await == Ok(true)
    }

    pub(super) async fn read(&self) -> Result<SecretVec, SensorFault> {
        let read = self.run(|held| held.map(|key| key.read_to_vec()).transpose());
        read.await?.map(Secret::new).ok_or(SensorFault::Gone)
    }

    pub(super) async fn forget(&self) -> Result<(), SensorFault> {
        self.run(forget).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Option<Key>) -> Result<T, KeyError> + Send + 'static,
    ) -> Result<T, SensorFault> {
        let (answer, answered) = oneshot::channel();
        let job = move |held: &mut Option<Key>| {
            // Nobody may be waiting any more.
            let _ = answer.send(work(held));
        };
        self.0
            .send(Box::new(job))
            .map_err(|_| SensorFault::Unavailable)?;
        let answer = answered.await.map_err(|_| SensorFault::Unavailable)?;
        answer.map_err(|error| {
            tracing::warn!(?error, "the kernel holds no key");
            SensorFault::Unavailable
        })
    }
}

fn forget(held: &mut Option<Key>) -> Result<(), KeyError> {
    held.take().map_or(Ok(()), |key| key.invalidate())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(bytes: &[u8]) -> SecretVec {
        Secret::new(bytes.to_vec())
    }

    #[tokio::test]
    async fn auth_09_the_kernel_holds_one_key_until_it_is_forgotten() {
        let keeper = Keeper::start();
        assert!(!keeper.holds().await);
        assert_eq!(keeper.read().await.map(drop), Err(SensorFault::Gone));
        keeper.keep(secret(b"first")).await.expect("kept");
        keeper.keep(secret(b"second")).await.expect("kept");
        assert_eq!(keeper.read().await.expect("held").expose(), b"second");
        keeper.forget().await.expect("forgotten");
        assert!(!keeper.holds().await);
    }

    #[tokio::test]
    async fn auth_09_no_other_thread_reads_the_key() {
        let keeper = Keeper::start();
        keeper.keep(secret(b"secret")).await.expect("kept");
        let key = keeper.run(|held| Ok(held.take())).await.expect("run");
        let key = key.expect("a key");
        assert!(key.read_to_vec().is_err());
    }
}

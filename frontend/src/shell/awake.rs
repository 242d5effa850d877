//! Who only reads or types asks the core for nothing: it is told, so that it does not lock itself meanwhile.

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};
use uc_ipc::KeepAwake;
use yew::{platform::spawn_local, prelude::*};

use crate::{
    backend::{clock, dom},
    query::use_backend,
};

/// Once in this time is enough: the shortest time to a lock is twice as long.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// Tells as long as the shell stands.
#[hook]
pub(super) fn use_keep_awake() {
    let backend = use_backend();
    use_effect_with((), move |()| {
        let told_at = Cell::new(None);
        let listeners = dom::on_activity(move || {
            let now = clock::now();
            if !is_due(told_at.get(), now) {
                return;
            }
            told_at.set(Some(now));
            let backend = backend.clone();
            spawn_local(async move {
                // Refused where no vault is open: there is nothing to keep open.
                let _ = backend.call(&KeepAwake {}).await;
            });
        });
        move || drop(listeners)
    });
}

/// A clock that was set back does not silence it.
fn is_due(told_at: Option<Timestamp>, now: Timestamp) -> bool {
    told_at.is_none_or(|told| now.duration_since(told).abs() >= PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plat_05_activity_is_told_at_once_and_then_every_half_minute() {
        let at = |second: i64| Timestamp::from_second(1_000 + second).unwrap();
        assert!(is_due(None, at(0)));
        assert!(!is_due(Some(at(0)), at(29)));
        assert!(is_due(Some(at(0)), at(30)));
        assert!(is_due(Some(at(0)), at(-3_600)));
    }
}

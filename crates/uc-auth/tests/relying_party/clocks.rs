//! Clocks that differ.

use jiff::{SignedDuration, Timestamp};
use uc_auth::AuthError;
use uc_ipc::{IpcError, SignInFault};
use uc_testkit::{
    HostileOp,
    hostile_op::{Proofs, Script},
    tell_cases,
};

use crate::harness::{Bench, Party, now};

const TOLERATED: [i64; 5] = [0, 1, -1, 299, -299];
const TOO_FAR: [&str; 6] = [
    "2026-11-23T12:05:01Z",
    "2026-11-23T11:54:59Z",
    "2026-11-24T12:00:00Z",
    "2026-11-22T12:00:00Z",
    "1970-01-01T00:00:00Z",
    "2038-01-20T00:00:00Z",
];

fn seconds_off(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

#[tokio::test]
async fn rp_23_clocks_may_be_five_minutes_apart() {
    for seconds in TOLERATED {
        // The provider's time is not heard of, or it is: then proofs bear it.
        for (proofs, server_now) in [
            (Proofs::Unknown, seconds_off(seconds)),
            (Proofs::Demanded, now()),
        ] {
            let mut party = Party::new(&HostileOp::new(now()));
            party.op.set_script(Script {
                proofs,
                ..Script::default()
            });
            (party.now, party.server_now) = (seconds_off(seconds), server_now);
            let signed_in = party.sign_in().await;
            assert!(signed_in.is_ok(), "{seconds} {proofs:?}: {signed_in:?}");
        }
    }
    for at in TOO_FAR {
        let mut party = Party::new(&HostileOp::new(now()));
        let at = at.parse().unwrap();
        for server_now in [at, now()] {
            (party.now, party.server_now) = (at, server_now);
            assert_eq!(party.sign_in().await.unwrap_err(), AuthError::Clock, "{at}");
        }
    }
    tell_cases(2 * TOO_FAR.len());
}

#[tokio::test]
async fn rp_23_an_app_whose_clock_is_off_hears_the_providers() {
    let bench = Bench::new().await;
    bench.app.op.set_script(Script {
        proofs: Proofs::Demanded,
        ..Script::default()
    });
    for seconds in TOLERATED {
        bench.app.clock.set_wall(seconds_off(seconds));
        let signed_in = bench.app.sign_in().await;
        assert!(signed_in.is_ok(), "{seconds}: {signed_in:?}");
    }
    let clock = IpcError::SignInFailed {
        fault: SignInFault::Clock,
    };
    for at in TOO_FAR {
        let before = bench.app.kept();
        bench.app.clock.set_wall(at.parse().unwrap());
        assert_eq!(bench.app.sign_in().await, Err(clock.clone()), "{at}");
        assert_eq!(bench.app.kept(), before, "{at}: something was stored");
        bench.app.clock.set_wall(now());
        assert!(
            bench.app.sign_in().await.is_ok(),
            "{at}: the next good attempt"
        );
    }
    tell_cases(TOO_FAR.len());
}

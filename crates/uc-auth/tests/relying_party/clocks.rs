//! Clocks that differ.

use jiff::SignedDuration;
use uc_auth::AuthError;
use uc_testkit::HostileOp;

use crate::harness::{now, sign_in_at};

#[tokio::test]
async fn rp_23_clocks_may_be_five_minutes_apart() {
    let op = HostileOp::new(now());
    for (seconds, fits) in [
        (0, true),
        (299, true),
        (-299, true),
        (301, false),
        (-301, false),
        (86_400, false),
        (-86_400, false),
    ] {
        let here = now() + SignedDuration::from_secs(seconds);
        match sign_in_at(&op, here).await {
            Ok(_) => assert!(fits, "{seconds}"),
            Err(error) => {
                assert_eq!(error, AuthError::Clock, "{seconds}");
                assert!(!fits, "{seconds}");
            }
        }
    }
    for year in ["1970-01-01T00:00:00Z", "2038-01-20T00:00:00Z"] {
        let result = sign_in_at(&op, year.parse().unwrap()).await;
        assert_eq!(result.unwrap_err(), AuthError::Clock);
    }
}

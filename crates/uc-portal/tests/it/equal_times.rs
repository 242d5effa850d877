//! Whether an account exists does not show in how long an answer takes (AU-04).

use std::time::{Duration, Instant};

use reqwest::StatusCode;

use crate::{
    harness::{Browser, Fixture},
    newcomer::{NEW_PHONE, registered},
};

/// Tries of each kind.
const TRIES: u64 = 200;
/// Nobody's.
const STRANGERS: u64 = 79_110_000_000;

/// How long the answer to one form takes.
async fn time(browser: &mut Browser, path: &str, field: &str, value: &str) -> Duration {
    let asked = browser.follow(path).await;
    let begun = Instant::now();
    let answer = browser.submit(path, &asked, &[(field, value)]).await;
    let taken = begun.elapsed();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path} {value}");
    taken
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

/// The median for an account beside that for none, one try of each after the other.
#[expect(clippy::print_stdout, reason = "a figure is read where it is printed")]
async fn compare(path: &str, field: &str) {
    let fixture = Fixture::start().await;
    registered(&fixture).await;
    let mut browser = fixture.browser();
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..TRIES {
        // What may be sent to one number, and from one address, is counted for a day.
        fixture.advance(24 * 3_600);
        known.push(time(&mut browser, path, field, NEW_PHONE).await);
        let stranger = format!("+{}", STRANGERS + number);
        unknown.push(time(&mut browser, path, field, &stranger).await);
    }
    let ratio = median(known) / median(unknown);
    println!("equal times of {path}: {ratio:.3} (goal 0.95 to 1.05)");
    // A machine that does something else meanwhile is no reason to fail; a password hash more or less would be.
    assert!((0.8..1.25).contains(&ratio), "{path}: {ratio:.3}");
}

#[tokio::test]
async fn au_04_a_registration_takes_as_long_for_a_number_that_has_an_account() {
    compare("/registration", "phone").await;
}

#[tokio::test]
async fn au_04_a_recovery_takes_as_long_for_a_name_that_has_an_account() {
    compare("/recovery", "login").await;
}

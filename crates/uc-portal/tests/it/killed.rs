use std::{collections::BTreeSet, path::Path, process::Command};

use reqwest::StatusCode;
use serde_json::Value;
use uc_portal_api::Dialog;

use crate::{
    citizen::{Citizen, SERVICE, submission, uuid},
    restart::Program,
};

/// How often the portal is killed at another moment of a submission.
const KILLS: u8 = 6;

/// Applications and submissions, as the program's own verb counts them beside a running portal.
fn count(dir: &Path, service: &str) -> (u64, u64) {
    let output = Command::new(env!("CARGO_BIN_EXE_uc-portal"))
        .args(["applications", "count", "--service", service, "--data-dir"])
        .arg(dir)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let counted: Value = serde_json::from_slice(&output.stdout).unwrap();
    (
        counted["applications"].as_u64().unwrap(),
        counted["submissions"].as_u64().unwrap(),
    )
}

/// Sends, and kills the portal when the database holds the application, its reply unread.
async fn kill_after_commit(program: Program, citizen: &Citizen, dir: &Path, number: u8) {
    let request = citizen.put(uuid(number), uuid(number + 100), &submission());
    let sent = tokio::spawn(request.send());
    let expected = u64::from(number);
    while count(dir, SERVICE).0 < expected {
        tokio::task::yield_now().await;
    }
    program.kill();
    sent.abort();
}

/// Sends, and kills the portal at once: before, while or after it writes.
async fn kill_at_once(program: Program, citizen: &Citizen, number: u8) {
    let request = citizen.put(uuid(number), uuid(number + 100), &submission());
    let sent = tokio::spawn(request.send());
    for _ in 0..u32::from(number) * 3 {
        tokio::task::yield_now().await;
    }
    program.kill();
    // Answered or not: either way it is sent again.
    let _ = sent.await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn app_05_ob_04_a_killed_portal_has_each_application_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut program = Program::start(dir.path());
    let mut citizen = Citizen::first(program.take_browser()).await;
    let mut numbers = BTreeSet::new();
    for number in 1..=KILLS {
        if number % 2 == 1 {
            kill_after_commit(program, &citizen, dir.path(), number).await;
        } else {
            kill_at_once(program, &citizen, number).await;
        }
        program = Program::start(dir.path());
        citizen = citizen.at(program.take_browser());
        citizen.renew().await;
        let again = citizen
            .submit(uuid(number), uuid(number + 100), &submission())
            .await;
        assert_eq!(again.status(), StatusCode::CREATED);
        let dialog: Dialog = again.json().await.unwrap();
        assert!(numbers.insert(dialog.external_reference));
        let expected = u64::from(number);
        assert_eq!(count(dir.path(), SERVICE), (expected, expected));
    }
    assert_eq!(numbers.len(), usize::from(KILLS));
    assert_eq!(count(dir.path(), "passport-first"), (0, 0));
    program.kill();
    // What a killed portal left can be counted, too.
    assert_eq!(count(dir.path(), SERVICE).0, u64::from(KILLS));
}

#[tokio::test]
async fn pr_04_the_log_holds_nothing_personal() {
    let dir = tempfile::tempdir().unwrap();
    let mut program = Program::start(dir.path());
    let citizen = Citizen::first(program.take_browser()).await;
    let dialog = citizen.submit_new(1).await;
    let mut wrong = submission();
    wrong["answers"]["snils"] = "999-999-999 99".into();
    citizen.submit(uuid(2), uuid(9), &wrong).await;
    citizen.feed(None).await;
    citizen.cancel(uuid(1), uuid(8)).await;
    program.kill();
    let log = std::fs::read_to_string(dir.path().join("portal.log")).unwrap();
    // What must be there is found, so what must not would be, too.
    assert!(log.contains(&uuid(1).to_string()));
    for marker in [
        "Маркерова",
        "Злата",
        "112-233-445",
        "11223344595",
        "999-999-999",
        "4510 123456",
        "+79001234567",
        "%2B79000000001",
        "+79000000001",
        "Лесная",
        crate::harness::PASSWORD,
        citizen.access_token(),
        dialog.external_reference.as_str(),
    ] {
        assert!(!log.contains(marker), "{marker} is in the log");
    }
}

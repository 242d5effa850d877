use std::time::Duration;

use uc_ipc::{
    AnswerView, ApplicationForm, ApplicationState, Commands as _, IpcError, ListApplications,
    OpenDashboard, OpenForm, OpenSession, SaveDraft, SignOut, SyncNow, Unsent,
};
use uc_testkit::{PASSCODE, Person, TestApp, completed_certificate};

use crate::applications::{
    details, open_form, problem, refuse_next, requests, service, signed_in, state, submit,
    told_only_phrases, until,
};

#[tokio::test]
async fn ob_08_a_token_that_ran_out_is_renewed_and_the_application_sent() {
    let app = signed_in().await;
    let form = open_form(&app).await;
    let mut expired = problem("unauthorized", &[]);
    expired["status"] = 401.into();
    refuse_next(&app, &form, expired);
    submit(&app, &form).await.expect("an application");
    app.core().sync_now(SyncNow {}).await.expect("in step");
    assert_eq!(state(&app, &form).await, ApplicationState::Registered);
    assert!(!app.needs_sign_in().await);
}

#[tokio::test]
async fn ob_08_with_no_session_left_it_waits_and_a_sign_in_sends_it() {
    let mut app = signed_in().await;
    let form = open_form(&app).await;
    app.network.set_offline(true);
    submit(&app, &form).await.expect("queued");
    app.stop_app().await;
    app.clock.advance(Duration::from_hours(24 * 40));
    app.network.set_offline(false);
    app.launch().await;
    app.unlock(PASSCODE).await.expect("unlocked");
    app.core().sync_now(SyncNow {}).await.expect("a session");
    assert!(app.needs_sign_in().await);
    assert!(matches!(
        state(&app, &form).await,
        ApplicationState::Queued { .. }
    ));
    app.sign_in().await.expect("signed in again");
    app.core().sync_now(SyncNow {}).await.expect("in step");
    assert_eq!(state(&app, &form).await, ApplicationState::Registered);
}

fn again(form: &ApplicationForm) -> OpenForm {
    OpenForm {
        service: service(),
        application: Some(form.application),
    }
}

#[tokio::test]
async fn ob_10_a_form_that_changed_is_looked_at_before_it_is_sent_again() {
    let app = signed_in().await;
    let form = open_form(&app).await;
    refuse_next(&app, &form, problem("stale_form", &[]));
    let stale = submit(&app, &form).await.expect("an application");
    assert_eq!(stale.row.state, ApplicationState::Returned);
    told_only_phrases(&app, 1);
    app.core().sync_now(SyncNow {}).await.expect("in step");
    assert_eq!(state(&app, &form).await, ApplicationState::Returned);
    assert_eq!(requests(&app, &form), 1, "nothing is sent by itself");

    let shown = app.core().open_form(again(&form)).await.expect("a form");
    assert_eq!(shown.answers, completed_certificate(&form));
    let sent = submit(&app, &form).await.expect("sent");
    assert_eq!(sent.row.state, ApplicationState::Registered);
    let answers = details(&app, &form).await.answers;
    assert_eq!(texts(&answers), texts(&stale.answers));
}

fn texts(answers: &[AnswerView]) -> Vec<(&str, &str)> {
    let each = answers.iter();
    each.map(|answer| (answer.title.as_str(), answer.text.as_str()))
        .collect()
}

#[tokio::test]
async fn ob_10_a_service_that_was_closed_gives_the_answers_back() {
    let app = signed_in().await;
    let form = open_form(&app).await;
    app.network.set_offline(true);
    submit(&app, &form).await.expect("queued");
    app.network.set_offline(false);
    refuse_next(&app, &form, problem("not_offered", &[]));
    app.core().sync_now(SyncNow {}).await.expect("in step");
    assert_eq!(state(&app, &form).await, ApplicationState::Returned);
    let shown = app.core().open_form(again(&form)).await.expect("a form");
    assert_eq!(shown.answers, completed_certificate(&form));
}

#[tokio::test]
async fn ob_13_signing_out_with_something_unsent_asks_first() {
    let app = signed_in().await;
    let form = open_form(&app).await;
    app.network.set_offline(true);
    submit(&app, &form).await.expect("queued");
    let sign_out = |unsent| app.core().sign_out(SignOut { unsent });
    assert_eq!(
        sign_out(Unsent::Keep).await.err(),
        Some(IpcError::UnsentApplications { count: 1 })
    );
    assert!(matches!(
        state(&app, &form).await,
        ApplicationState::Queued { .. }
    ));
    sign_out(Unsent::Discard).await.expect("signed out");
    app.network.set_offline(false);
    app.browser.set_person(Person::timur());
    app.enter().await;
    app.core().sync_now(SyncNow {}).await.expect("in step");
    let list = app.core().list_applications(ListApplications::default());
    assert_eq!(list.await.expect("a page").total, 0);
    assert_eq!(requests(&app, &form), 0, "sent under another name");
}

#[tokio::test]
async fn ob_13_nobody_else_can_take_over_what_waits() {
    let app = signed_in().await;
    let form = open_form(&app).await;
    app.network.set_offline(true);
    submit(&app, &form).await.expect("queued");
    app.network.set_offline(false);
    app.browser.set_person(Person::timur());
    assert_eq!(app.sign_in().await.err(), Some(IpcError::Conflict));
    app.core().sync_now(SyncNow {}).await.expect("in step");
    assert_eq!(state(&app, &form).await, ApplicationState::Registered);
}

/// Applications that wait while the network comes and goes.
const WAITING: usize = 12;

#[tokio::test]
async fn ob_14_a_network_that_comes_and_goes_sends_all_once_and_in_order() {
    let app = signed_in().await;
    app.network.set_offline(true);
    let mut forms = Vec::new();
    for _ in 0..WAITING {
        let form = open_form(&app).await;
        submit(&app, &form).await.expect("queued");
        forms.push(form);
    }
    let mut turns = 0_u64;
    until(async || {
        turns += 1;
        app.network.set_offline(turns.is_multiple_of(2));
        let sync = app.core().sync_now(SyncNow {});
        // Cut in the middle of what it does.
        let _ = tokio::time::timeout(Duration::from_millis(turns * 7 % 150), sync).await;
        all_registered(&app, &forms).await
    })
    .await;
    let mut numbers = Vec::new();
    for form in &forms {
        let number = details(&app, form).await.row.number;
        numbers.push(number.expect("a number"));
    }
    assert!(numbers.is_sorted(), "{numbers:?}");
    numbers.dedup();
    assert_eq!(numbers.len(), WAITING);
    let list = app.core().list_applications(ListApplications::default());
    assert_eq!(list.await.expect("a page").total as usize, WAITING);
}

async fn all_registered(app: &TestApp, forms: &[ApplicationForm]) -> bool {
    for form in forms.iter().rev() {
        if details(app, form).await.row.number.is_none() {
            return false;
        }
    }
    true
}

#[tokio::test]
async fn nw_07_a_network_that_wants_a_sign_in_of_its_own_signs_nobody_out() {
    let app = signed_in().await;
    let form = open_form(&app).await;
    app.network.set_captive(true);
    submit(&app, &form).await.expect("an application");
    let draft = SaveDraft {
        chosen: Vec::new(),
        application: open_form(&app).await.application,
        service: service(),
        acting_for: None,
        answers: completed_certificate(&form),
        step: 1,
    };
    app.core().save_draft(draft).await.expect("kept");
    app.clock.advance(Duration::from_secs(250));
    app.core().sync_now(SyncNow {}).await.expect("a session");
    app.core()
        .open_dashboard(OpenDashboard {})
        .await
        .expect("what is known is still shown");
    assert!(!app.needs_sign_in().await);

    app.network.set_captive(false);
    app.core().sync_now(SyncNow {}).await.expect("in step");
    assert_eq!(state(&app, &form).await, ApplicationState::Registered);
    let session = app.core().open_session(OpenSession {}).await;
    assert!(session.expect("a session").freshness.history_at.is_some());
}

use std::time::Duration;

use serde_json::{Value, json};
use uc_auth::lock::{DeviceKey, open_notify};
use uc_core::ports::{Http as _, KeyringItem, Limits};
use uc_ipc::{
    Action, AnswerView, ApplicationDetails, ApplicationFilter, ApplicationForm, ApplicationState,
    AtStake, CancelApplication, Commands as _, IpcError, KeepAwake, ListApplications, ListMessages,
    Lock, MarkRead, NextStep, OpenApplication, OpenDashboard, OpenForm, OpenProfile, OpenService,
    OpenSession, Phase, SaveDraft, SignOut, StateGroup, SubmitApplication, SyncNow, Unsent,
};
use uc_model::{Answers, SecretString, ServiceId};
use uc_notify::{Phrase, Tongue};
use uc_portal::registry::{Change, HeldRole, Organisation, Role};
use uc_testkit::{CERTIFICATE, PASSCODE, TestApp, completed_certificate};

const SUBMISSIONS: &str = "/v1/applications/";

pub(crate) async fn signed_in() -> TestApp {
    let app = TestApp::start().await;
    app.enter().await;
    app.core().sync_now(SyncNow {}).await.expect("in step");
    app
}

pub(crate) fn service() -> ServiceId {
    CERTIFICATE.parse().expect("an id")
}

pub(crate) async fn open_form(app: &TestApp) -> ApplicationForm {
    let request = OpenForm {
        service: service(),
        application: None,
    };
    app.core().open_form(request).await.expect("a form")
}

pub(crate) async fn submit(
    app: &TestApp,
    form: &ApplicationForm,
) -> Result<ApplicationDetails, IpcError> {
    app.core()
        .submit_application(SubmitApplication {
            chosen: Vec::new(),
            application: form.application,
            service: form.service.clone(),
            acting_for: None,
            answers: completed_certificate(form),
        })
        .await
}

pub(crate) async fn state(app: &TestApp, form: &ApplicationForm) -> ApplicationState {
    details(app, form).await.row.state
}

pub(crate) async fn details(app: &TestApp, form: &ApplicationForm) -> ApplicationDetails {
    let request = OpenApplication {
        application: form.application,
    };
    app.core()
        .open_application(request)
        .await
        .expect("an application")
}

pub(crate) fn requests(app: &TestApp, form: &ApplicationForm) -> usize {
    app.network.requests_to(&place(form))
}

/// Where the portal takes it.
fn place(form: &ApplicationForm) -> String {
    format!("{SUBMISSIONS}{}", form.application)
}

/// The next submission does not arrive; a problem answers it.
pub(crate) fn refuse_next(app: &TestApp, form: &ApplicationForm, problem: Value) {
    app.network.refuse_next(&place(form), problem);
}

/// What a locked client says would be lost.
async fn at_stake(app: &TestApp) -> Option<AtStake> {
    // Locked already after a restart.
    let _ = app.core().lock(Lock {}).await;
    let session = app.core().open_session(OpenSession {}).await;
    let Phase::Locked { at_stake, .. } = session.expect("a session").phase else {
        panic!("not locked");
    };
    at_stake
}

#[tokio::test]
async fn plat_05_a_locked_client_knows_how_much_a_forgotten_passcode_would_lose() {
    let mut app = signed_in().await;
    let counted = |waiting, drafts| Some(AtStake { waiting, drafts });
    assert_eq!(at_stake(&app).await, counted(0, 0));
    app.unlock(PASSCODE).await.expect("unlocked");
    let form = open_form(&app).await;
    let draft = SaveDraft {
        chosen: Vec::new(),
        application: form.application,
        service: form.service.clone(),
        acting_for: None,
        answers: completed_certificate(&form),
        step: 0,
    };
    app.core().save_draft(draft).await.expect("kept");
    assert_eq!(at_stake(&app).await, counted(0, 1));
    app.unlock(PASSCODE).await.expect("unlocked");
    app.network.set_offline(true);
    submit(&app, &form).await.expect("queued");
    app.restart().await;
    assert_eq!(at_stake(&app).await, counted(1, 0));
    let unsent = Unsent::Discard;
    app.core().sign_out(SignOut { unsent }).await.expect("out");
    app.network.set_offline(false);
    app.enter().await;
    assert_eq!(at_stake(&app).await, counted(0, 0));
}

/// The demo person may speak for this organisation, without a term.
async fn speak_for(app: &TestApp, organisation: Organisation) {
    let role = HeldRole {
        person: "demo-anna".parse().expect("an id"),
        role: Role::Representative(organisation.ogrn.clone()),
        until: None,
    };
    let portal = app.portal().portal();
    for change in [Change::Enter(organisation), Change::Give(role)] {
        let now = portal.clock.now();
        let changed = portal.store.change_registry(change, now).await;
        changed.expect("a store").expect("a change");
    }
}

#[tokio::test]
async fn auth_12_an_application_in_the_name_of_a_company_is_sent_in_it_and_shows_so() {
    let app = signed_in().await;
    let company = "1027700132195";
    let organisation = Organisation {
        ogrn: company.parse().expect("an OGRN"),
        inn: "7830002293".parse().expect("an INN"),
        name: "ООО «Пример»".to_owned(),
    };
    speak_for(&app, organisation).await;
    app.core().sync_now(SyncNow {}).await.expect("in step");
    let profile = app
        .core()
        .open_profile(OpenProfile {})
        .await
        .expect("a profile");
    assert_eq!(profile.acts_for[0].number.as_str(), company);
    // A service for citizens offers no other name.
    assert_eq!(open_form(&app).await.acting.names, []);
    let request = OpenForm {
        service: "street-defect-report".parse().expect("an id"),
        application: None,
    };
    let form = app.core().open_form(request.clone()).await.expect("a form");
    assert!(form.acting.own);
    assert_eq!(form.acting.names[0].number.as_str(), company);
    let mut answers = form.answers.clone();
    for (property, answer) in [
        ("defect", json!("pothole")),
        ("description", json!("Яма во всю полосу у остановки")),
        ("seen_on", json!("2026-03-01")),
        ("place_address", json!("г. Москва, ул. Примерная, д. 1")),
        ("consent", json!(true)),
    ] {
        answers.insert(property.to_owned(), answer);
    }
    let draft = SaveDraft {
        chosen: Vec::new(),
        application: form.application,
        service: form.service.clone(),
        acting_for: company.parse().ok(),
        answers: answers.clone(),
        step: 0,
    };
    app.core().save_draft(draft).await.expect("kept");
    let again = OpenForm {
        application: Some(form.application),
        ..request
    };
    let again = app.core().open_form(again).await.expect("a form");
    assert_eq!(again.acting.chosen, company.parse().ok());
    let send = SubmitApplication {
        chosen: Vec::new(),
        application: form.application,
        service: form.service.clone(),
        acting_for: again.acting.chosen,
        answers,
    };
    app.core().submit_application(send).await.expect("sent");
    let shown = details(&app, &form).await;
    assert_eq!(shown.row.state, ApplicationState::Registered);
    assert_eq!(shown.acting_for.expect("a name").name, "ООО «Пример»");
}

/// Time passes while somebody reads.
async fn read_for(app: &TestApp, mins: u64) {
    for _ in 0..mins {
        app.clock.advance(Duration::from_mins(1));
        app.core()
            .keep_awake(KeepAwake {})
            .await
            .expect("still open");
    }
}

/// The agency comes so far.
async fn until_state(app: &TestApp, form: &ApplicationForm, wanted: ApplicationState) {
    until(async || {
        app.core().sync_now(SyncNow {}).await.expect("a session");
        state(app, form).await == wanted
    })
    .await;
}

/// Waits for work that goes on in the background; the app's clock stands.
pub(crate) async fn until(mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..20_000 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("it did not happen");
}

#[tokio::test]
async fn app_01_a_draft_is_kept_gone_on_with_and_thrown_away() {
    let mut app = signed_in().await;
    let form = open_form(&app).await;
    assert!(form.from_profile.contains(&"snils".to_owned()));
    let save = SaveDraft {
        chosen: Vec::new(),
        application: form.application,
        service: service(),
        acting_for: None,
        answers: completed_certificate(&form),
        step: 2,
    };
    app.core().save_draft(save).await.expect("kept");
    app.restart().await;
    app.unlock(PASSCODE).await.expect("unlocked");
    let page = app
        .core()
        .open_service(OpenService { service: service() })
        .await
        .expect("a page");
    assert_eq!(page.draft, Some(form.application));
    let again = OpenForm {
        service: service(),
        application: page.draft,
    };
    let again = app.core().open_form(again).await.expect("a form");
    assert_eq!(
        (again.answers, again.step),
        (completed_certificate(&form), 2)
    );
    let dashboard = app
        .core()
        .open_dashboard(OpenDashboard {})
        .await
        .expect("home");
    assert_eq!(dashboard.drafts.len(), 1);
    assert_eq!(dashboard.often_used.len(), 6);
    let discard = uc_ipc::DiscardDraft {
        application: form.application,
    };
    assert_eq!(
        app.core().discard_draft(discard).await.expect("gone").total,
        0
    );
}

#[tokio::test]
async fn app_01_wrong_answers_are_refused_field_by_field_and_never_sent() {
    let app = signed_in().await;
    let form = open_form(&app).await;
    let mut answers = completed_certificate(&form);
    answers.insert("snils".to_owned(), json!("112-233-445 96"));
    answers.remove("residence_regions");
    let request = SubmitApplication {
        chosen: Vec::new(),
        application: form.application,
        service: service(),
        acting_for: None,
        answers,
    };
    let Err(IpcError::Rejected { faults }) = app.core().submit_application(request).await else {
        panic!("taken");
    };
    let properties: Vec<&str> = faults.iter().map(|fault| fault.property.as_str()).collect();
    assert!(properties.contains(&"snils") && properties.contains(&"residence_regions"));
    assert_eq!(requests(&app, &form), 0);
}

#[tokio::test]
async fn app_08_an_application_is_sent_followed_and_decided() {
    let app = signed_in().await;
    let form = open_form(&app).await;
    let sent = submit(&app, &form).await.expect("sent");
    assert_eq!(sent.row.state, ApplicationState::Registered);
    assert!(sent.row.number.is_some() && sent.answers.len() > 5);
    assert!(sent.actions.contains(&Action::Cancel));

    read_for(&app, 11).await;
    until_state(&app, &form, ApplicationState::InProgress).await;
    read_for(&app, 121).await;
    until_state(&app, &form, ApplicationState::Approved).await;
    let decided = details(&app, &form).await;
    let told = decided.timeline.last().expect("a decision");
    assert!(told.note.is_some() && told.note_en.is_some(), "{told:?}");
    let english = |answer: &AnswerView| answer.text_en.clone();
    assert!(
        decided
            .answers
            .iter()
            .filter_map(english)
            .any(|text| text == "Electronic, signed by the ministry")
    );
    let decided = details(&app, &form).await;
    assert_eq!(decided.next_step, NextStep::Nothing);
    assert!(decided.timeline.len() >= 3);
    assert!(!app.notifier.shown().is_empty());
    for shown in app.notifier.shown() {
        assert!(
            !shown.body.contains("судимости") && !shown.body.contains("ЕК-"),
            "{shown:?}"
        );
    }
}

#[tokio::test]
async fn app_05_an_application_made_offline_is_sent_once_when_the_portal_is_back() {
    let mut app = signed_in().await;
    let form = open_form(&app).await;
    app.network.set_offline(true);
    let queued = submit(&app, &form).await.expect("queued");
    assert!(
        matches!(queued.row.state, ApplicationState::Queued { .. }),
        "{:?}",
        queued.row.state
    );
    assert_eq!(queued.next_step, NextStep::WaitForNetwork);
    app.restart().await;
    app.unlock(PASSCODE).await.expect("unlocked");
    assert!(matches!(
        state(&app, &form).await,
        ApplicationState::Queued { .. }
    ));
    app.network.set_offline(false);
    app.core().sync_now(SyncNow {}).await.expect("in step");
    assert_eq!(state(&app, &form).await, ApplicationState::Registered);
    assert_eq!(requests(&app, &form), 1);
    let filter = ApplicationFilter {
        text: "судимости".to_owned(),
        group: Some(StateGroup::Active),
    };
    let list = ListApplications {
        filter,
        after: None,
    };
    assert_eq!(
        app.core()
            .list_applications(list)
            .await
            .expect("a page")
            .total,
        1
    );
}

#[tokio::test]
async fn app_05_ob_01_a_lost_answer_is_asked_for_again_and_doubles_nothing() {
    let app = signed_in().await;
    let form = open_form(&app).await;
    let path = place(&form);
    app.network.swallow_answers_of(&path, u32::MAX);
    let sent = submit(&app, &form).await.expect("sealed");
    assert_eq!(sent.row.state, ApplicationState::Unknown);
    assert_eq!(sent.next_step, NextStep::WaitForAnswer);
    let cancel = CancelApplication {
        application: form.application,
    };
    assert_eq!(
        app.core().cancel_application(cancel).await,
        Err(IpcError::Conflict)
    );
    let lost = requests(&app, &form);
    app.network.swallow_answers_of(&path, 0);
    app.core().sync_now(SyncNow {}).await.expect("in step");
    let details = details(&app, &form).await;
    assert_eq!(details.row.state, ApplicationState::Registered);
    assert!(lost > 0 && requests(&app, &form) > lost);
    assert_eq!(
        app.core()
            .list_applications(ListApplications::default())
            .await
            .expect("a page")
            .total,
        1
    );
}

#[tokio::test]
async fn app_06_what_was_not_sent_comes_back_and_what_was_is_withdrawn() {
    let app = signed_in().await;
    let form = open_form(&app).await;
    app.network.set_offline(true);
    submit(&app, &form).await.expect("queued");
    let cancel = CancelApplication {
        application: form.application,
    };
    let back = app
        .core()
        .cancel_application(cancel.clone())
        .await
        .expect("a draft");
    assert_eq!(back.row.state, ApplicationState::Draft);
    app.network.set_offline(false);
    assert_eq!(
        submit(&app, &form).await.expect("sent").row.state,
        ApplicationState::Registered
    );
    let gone = app
        .core()
        .cancel_application(cancel.clone())
        .await
        .expect("withdrawn");
    assert_eq!(gone.row.state, ApplicationState::Cancelled);
    assert_eq!(
        app.core().cancel_application(cancel).await,
        Err(IpcError::Conflict)
    );
}

pub(crate) fn problem(code: &str, fields: &[(&str, &str)]) -> Value {
    let fields: Vec<Value> = fields
        .iter()
        .map(|(field, rule)| json!({ "field": field, "rule": rule }))
        .collect();
    json!({
        "type": format!("urn:edinyi-klient:problem:{code}"),
        "title": "refused",
        "status": 422,
        "code": code,
        "request_id": "1",
        "fields": fields,
    })
}

#[tokio::test]
async fn app_08_what_the_portal_returns_is_a_draft_again_with_its_faults_named() {
    let app = signed_in().await;
    let form = open_form(&app).await;
    let path = place(&form);
    let faults = [("birth_place", "required"), ("strange", "pattern")];
    app.network
        .refuse_next(&path, problem("invalid_answers", &faults));
    let back = submit(&app, &form).await.expect("an application");
    assert_eq!(back.row.state, ApplicationState::Returned);
    assert_eq!(back.next_step, NextStep::Mend);
    assert_eq!(back.actions, [Action::Continue]);
    let named: Vec<_> = back
        .returned
        .iter()
        .map(|answer| (answer.title.as_str(), answer.title_en.as_deref()))
        .collect();
    assert_eq!(
        named,
        [
            ("Место рождения", Some("Place of birth")),
            ("strange", None)
        ]
    );
    told_only_phrases(&app, 1);
}

#[tokio::test]
async fn nt_01_news_of_the_feed_is_told_in_fixed_phrases() {
    let app = signed_in().await;
    let form = open_form(&app).await;
    submit(&app, &form).await.expect("sent");
    app.core().sync_now(SyncNow {}).await.expect("in step");
    let before = app.notifier.shown().len();
    read_for(&app, 11).await;
    until_state(&app, &form, ApplicationState::InProgress).await;
    until(async || app.notifier.shown().len() > before).await;
    told_only_phrases(&app, before + 1);
    let shown = app.notifier.shown();
    let last = shown.last().expect("a notification");
    assert_eq!(last.opens, Some(form.application));
}

#[tokio::test]
async fn note_04_a_locked_client_tells_that_there_is_news_and_not_what() {
    let mut app = signed_in().await;
    let form = open_form(&app).await;
    submit(&app, &form).await.expect("sent");
    app.core().sync_now(SyncNow {}).await.expect("in step");
    assert!(app.keyring.item(KeyringItem::Notify).is_some());
    app.core().lock(Lock {}).await.expect("locked");
    let before = app.notifier.shown().len();
    // The second round asks after the agency has begun its work.
    for _ in 0..2 {
        app.clock.advance_a_round(ROUND, ROUND).await;
    }
    until(async || locked_news(&app).await == 1).await;
    told_only_phrases(&app, before + 1);
    let told = app.notifier.shown().pop().expect("a notification");
    assert_eq!(told.opens, None);
    // The same news are told once, also by a client that was started anew.
    app.clock.advance_a_round(ROUND, ROUND).await;
    assert_eq!(app.notifier.shown().len(), before + 1);
    app.unlock(PASSCODE).await.expect("unlocked");
    until_state(&app, &form, ApplicationState::InProgress).await;
    app.core().sync_now(SyncNow {}).await.expect("in step");
    app.restart().await;
    app.clock.advance_a_round(ROUND, ROUND).await;
    assert_eq!(locked_news(&app).await, 0);
}

/// How often the portal is asked without a reason.
const ROUND: Duration = Duration::from_mins(15);

async fn locked_news(app: &TestApp) -> u32 {
    let session = app.core().open_session(OpenSession {}).await;
    let Phase::Locked { news, .. } = session.expect("a session").phase else {
        panic!("not locked");
    };
    news
}

#[tokio::test]
async fn lk_01_what_a_locked_client_keeps_reads_nothing_and_ends_with_the_session() {
    let app = signed_in().await;
    let device = app.keyring.item(KeyringItem::Device).expect("a key");
    let device = DeviceKey::parse(&device).expect("a key");
    let kept = app.keyring.item(KeyringItem::Notify).expect("a token");
    let token = open_notify(&kept, &device).expect("a token").token;
    for (path, status) in [("/v1/feed", 401), ("/v1/profile", 401), ("/v1/news", 200)] {
        assert_eq!(ask_with(&app, path, &token).await, status, "{path}");
    }
    let out = SignOut {
        unsent: Unsent::Discard,
    };
    app.core().sign_out(out).await.expect("signed out");
    assert_eq!(app.keyring.item(KeyringItem::Notify), None);
    assert_eq!(ask_with(&app, "/v1/news", &token).await, 401);
}

/// The status of the portal's answer to who shows this token.
async fn ask_with(app: &TestApp, path: &str, token: &SecretString) -> u16 {
    let request = http::Request::get(format!("{}{path}", app.portal().issuer()))
        .header("authorization", format!("Bearer {}", token.expose()))
        .body(Vec::new())
        .expect("a request");
    let answer = app.network.send(request, Limits::ANSWER).await;
    answer.expect("an answer").status().as_u16()
}

/// So much was shown, each of it nothing but a phrase.
pub(crate) fn told_only_phrases(app: &TestApp, count: usize) {
    let shown = app.notifier.shown();
    assert_eq!(shown.len(), count, "{shown:?}");
    let phrases = Phrase::ALL.map(|phrase| phrase.words(Tongue::Ru));
    for notification in &shown {
        assert_eq!(notification.title, Tongue::Ru.title());
        assert!(
            phrases.contains(&notification.body.as_str()),
            "{notification:?}"
        );
    }
}

#[tokio::test]
async fn app_08_a_correction_is_asked_for_made_and_sent() {
    let app = signed_in().await;
    let service: ServiceId = "passport-replacement".parse().expect("an id");
    let request = OpenForm {
        service: service.clone(),
        application: None,
    };
    let form = app.core().open_form(request).await.expect("a form");
    let answers = example_answers(&form);
    let send = |answers: Answers| SubmitApplication {
        chosen: Vec::new(),
        application: form.application,
        service: service.clone(),
        acting_for: None,
        answers,
    };
    let registered = app
        .core()
        .submit_application(send(answers.clone()))
        .await
        .expect("sent");
    assert_eq!(registered.row.state, ApplicationState::Registered);
    read_for(&app, 11).await;
    until_state(&app, &form, ApplicationState::InProgress).await;
    read_for(&app, 61).await;
    until_state(&app, &form, ApplicationState::NeedsCorrection).await;
    let asked = details(&app, &form).await;
    assert_eq!(asked.row.state, ApplicationState::NeedsCorrection);
    assert!(asked.correction.is_some() && asked.actions.contains(&Action::Correct));
    let inbox = app
        .core()
        .list_messages(ListMessages::default())
        .await
        .expect("messages");
    let read = app
        .core()
        .mark_read(MarkRead {
            messages: Vec::new(),
        })
        .await
        .expect("read");
    assert_eq!((read.total, read.unread), (inbox.total, 0));
    let corrected = app
        .core()
        .submit_application(send(answers))
        .await
        .expect("corrected");
    assert!(
        !matches!(corrected.row.state, ApplicationState::NeedsCorrection),
        "{:?}",
        corrected.row.state
    );
    assert_eq!(corrected.correction, None);
}

/// Answers made of the form's own examples.
fn example_answers(form: &ApplicationForm) -> Answers {
    let mut answers = form.answers.clone();
    let properties = form.schema["properties"].as_object().expect("properties");
    for (property, schema) in properties {
        if answers.contains_key(property) {
            continue;
        }
        let answer = if schema["type"] == "boolean" {
            Some(json!(schema["const"] == true))
        } else if let Some(options) = schema["oneOf"].as_array() {
            Some(options[0]["const"].clone())
        } else {
            Some(schema["x-gu-example"].clone()).filter(|example| *example != Value::Null)
        };
        answers.extend(answer.map(|answer| (property.clone(), answer)));
    }
    answers
}

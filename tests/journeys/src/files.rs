//! Files that go with applications: chosen without a network, sent in pieces, whole or absent.

use serde_json::json;
use uc_forms::BrokenRule;
use uc_ipc::{
    ApplicationDetails, ApplicationForm, ApplicationState, AttachFile, CancelApplication,
    Commands as _, FilePart, IpcError, MAX_PART_BYTES, OpenForm, SaveDraft, SubmitApplication,
    SyncNow,
};
use uc_model::{Answers, Attachment, PersonId};
use uc_testkit::{PASSCODE, TestApp};

use crate::applications::{details, problem, signed_in, state};

const REPORT: &str = "street-defect-report";
/// What the core sends at a time.
const CHUNK: usize = 256 * 1024;

pub(crate) async fn open_report(app: &TestApp) -> ApplicationForm {
    let request = OpenForm {
        service: REPORT.parse().expect("an id"),
        application: None,
    };
    app.core().open_form(request).await.expect("a form")
}

/// A PDF of this many bytes.
pub(crate) fn pdf(bytes: usize) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%".to_vec();
    file.extend((0..=250).cycle().take(bytes - 17));
    file.extend(b"\n%%EOF\n");
    file
}

pub(crate) async fn attach(
    app: &TestApp,
    form: &ApplicationForm,
    bytes: &[u8],
) -> Result<Attachment, IpcError> {
    let mut start = 0;
    loop {
        let end = bytes.len().min(start + MAX_PART_BYTES);
        let part = AttachFile {
            application: form.application,
            property: "photo".to_owned(),
            name: "яма.pdf".to_owned(),
            size: bytes.len() as u64,
            start: start as u64,
            part: FilePart(bytes[start..end].to_vec()),
        };
        let progress = app.core().attach_file(part).await?;
        if let Some(attachment) = progress.attachment {
            return Ok(attachment);
        }
        start = usize::try_from(progress.received).expect("a size");
    }
}

pub(crate) fn completed(form: &ApplicationForm, photo: &Attachment) -> Answers {
    let mut answers = form.answers.clone();
    let given = [
        ("defect", json!("pothole")),
        ("description", json!("Яма около метра у остановки")),
        ("seen_on", json!("2026-01-12")),
        ("place_address", json!("г. Москва, ул. Лесная, у дома 5")),
        ("photo", json!(photo)),
        ("consent", json!(true)),
    ];
    answers.extend(given.map(|(property, answer)| (property.to_owned(), answer)));
    answers
}

async fn submit(
    app: &TestApp,
    form: &ApplicationForm,
    photo: &Attachment,
) -> Result<ApplicationDetails, IpcError> {
    app.core()
        .submit_application(SubmitApplication {
            chosen: Vec::new(),
            application: form.application,
            service: form.service.clone(),
            acting_for: None,
            answers: completed(form, photo),
        })
        .await
}

async fn sync(app: &TestApp) {
    app.core().sync_now(SyncNow {}).await.expect("a session");
}

/// What the portal has under the file's name.
async fn at_portal(app: &TestApp, photo: &Attachment) -> Option<Vec<u8>> {
    let person: PersonId = "demo-anna".parse().expect("an id");
    let found = app
        .portal()
        .portal()
        .store
        .find_file(person, photo.file)
        .await;
    found.expect("a store").map(|file| file.bytes)
}

fn chunk_requests(app: &TestApp, photo: &Attachment, start: usize) -> usize {
    app.network.requests_to(&chunk_path(photo, start))
}

fn chunk_path(photo: &Attachment, start: usize) -> String {
    format!("/v1/files/{}/{start}", photo.file)
}

#[tokio::test]
async fn ob_15_a_file_chosen_without_a_network_goes_with_its_application() {
    let mut app = signed_in().await;
    app.network.set_offline(true);
    let form = open_report(&app).await;
    let file = pdf(2_500_000);
    let photo = attach(&app, &form, &file).await.expect("kept");
    let queued = submit(&app, &form, &photo).await.expect("queued");
    assert!(matches!(queued.row.state, ApplicationState::Queued { .. }));
    app.restart().await;
    app.unlock(PASSCODE).await.expect("unlocked");
    app.network.set_offline(false);
    sync(&app).await;

    let sent = details(&app, &form).await;
    assert_eq!(sent.row.state, ApplicationState::Registered);
    assert!(sent.answers.iter().any(|answer| answer.text == "яма.pdf"));
    assert_eq!(at_portal(&app, &photo).await, Some(file));
}

#[tokio::test]
async fn ob_15_an_upload_cut_at_any_chunk_goes_on_where_it_was() {
    let mut app = signed_in().await;
    let form = open_report(&app).await;
    let file = pdf(4 * CHUNK + 1000);
    app.network.set_offline(true);
    let photo = attach(&app, &form, &file).await.expect("kept");
    submit(&app, &form, &photo).await.expect("queued");
    let starts: Vec<usize> = (0..file.len()).step_by(CHUNK).collect();
    for (turn, start) in starts.iter().enumerate() {
        app.network
            .swallow_answers_of(&chunk_path(&photo, *start), 1);
        app.network.set_offline(false);
        sync(&app).await;
        app.network.set_offline(true);
        let is_queued = matches!(state(&app, &form).await, ApplicationState::Queued { .. });
        assert!(is_queued || turn > 0, "the first answer was lost");
        if turn % 2 == 0 {
            app.stop_portal().await;
            app.start_portal().await;
        } else {
            app.restart().await;
            app.unlock(PASSCODE).await.expect("unlocked");
        }
    }
    app.network.set_offline(false);
    sync(&app).await;
    assert_eq!(state(&app, &form).await, ApplicationState::Registered);
    assert_eq!(at_portal(&app, &photo).await, Some(file));
    for start in starts {
        assert_eq!(
            chunk_requests(&app, &photo, start),
            1,
            "{start}: nothing is sent twice"
        );
    }
}

#[tokio::test]
async fn ob_15_a_file_that_the_portal_refuses_gives_the_application_back() {
    let app = signed_in().await;
    let form = open_report(&app).await;
    let mut cut_off = pdf(3000);
    cut_off.truncate(2000);
    let damaged = attach(&app, &form, &cut_off).await.expect("kept");
    let returned = submit(&app, &form, &damaged).await.expect("an application");
    assert_eq!(returned.row.state, ApplicationState::Returned);
    let fault = &returned.returned[0].fault;
    assert_eq!(
        (&*fault.property, fault.rule),
        ("photo", BrokenRule::FileDamaged)
    );

    let whole = attach(&app, &form, &pdf(3000)).await.expect("kept");
    let sent = submit(&app, &form, &whole).await.expect("sent");
    assert_eq!(sent.row.state, ApplicationState::Registered);
}

#[tokio::test]
async fn ob_15_an_application_whose_file_is_gone_is_given_back_and_says_so() {
    let app = signed_in().await;
    let form = open_report(&app).await;
    let gone = Attachment {
        file: "0b".repeat(32).parse().expect("a hash"),
        name: "яма.jpg".to_owned(),
        size: 1000,
    };
    let returned = submit(&app, &form, &gone).await.expect("an application");
    assert_eq!(returned.row.state, ApplicationState::Returned);
    assert_eq!(returned.returned[0].fault.rule, BrokenRule::FileAbsent);
}

#[tokio::test]
async fn ob_15_what_was_withdrawn_before_it_was_sent_keeps_its_file() {
    let app = signed_in().await;
    let form = open_report(&app).await;
    let photo = attach(&app, &form, &pdf(3000)).await.expect("kept");
    app.network.set_offline(true);
    submit(&app, &form, &photo).await.expect("queued");
    let withdraw = CancelApplication {
        application: form.application,
    };
    let draft = app
        .core()
        .cancel_application(withdraw)
        .await
        .expect("a draft");
    assert_eq!(draft.row.state, ApplicationState::Draft);
    app.network.set_offline(false);
    let sent = submit(&app, &form, &photo).await.expect("sent");
    assert_eq!(sent.row.state, ApplicationState::Registered);
}

#[tokio::test]
async fn ob_09_a_portal_without_room_gives_the_application_back() {
    let app = signed_in().await;
    let form = open_report(&app).await;
    let photo = attach(&app, &form, &pdf(3000)).await.expect("kept");
    app.network.refuse_next(
        &format!("/v1/files/{}", photo.file),
        problem("no_room", &[]),
    );
    let returned = submit(&app, &form, &photo).await.expect("an application");
    assert_eq!(returned.returned[0].fault.rule, BrokenRule::FileNoRoom);
}

#[tokio::test]
async fn ob_15_a_file_goes_on_with_its_draft_and_not_with_what_is_on_its_way() {
    let mut app = signed_in().await;
    let form = open_report(&app).await;
    let photo = attach(&app, &form, &pdf(3000)).await.expect("kept");
    let draft = SaveDraft {
        chosen: Vec::new(),
        application: form.application,
        service: form.service.clone(),
        acting_for: None,
        answers: completed(&form, &photo),
        step: 0,
    };
    app.core().save_draft(draft).await.expect("kept");
    app.restart().await;
    app.unlock(PASSCODE).await.expect("unlocked");
    app.network.set_offline(true);
    open_again(&app, &form).await;
    submit(&app, &form, &photo).await.expect("queued");
    let late = attach(&app, &form, &pdf(4000)).await;
    assert_eq!(late, Err(IpcError::Conflict));
    app.network.set_offline(false);
    sync(&app).await;
    assert_eq!(state(&app, &form).await, ApplicationState::Registered);
}

async fn open_again(app: &TestApp, form: &ApplicationForm) {
    let request = OpenForm {
        service: form.service.clone(),
        application: Some(form.application),
    };
    let again = app.core().open_form(request).await.expect("a form");
    assert_eq!(again.answers["photo"]["name"], "яма.pdf");
}

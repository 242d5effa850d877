//! One person, two devices: drafts and settings go on where they were left.

use serde_json::json;
use uc_forms::BrokenRule;
use uc_ipc::{
    Appearance, ApplicationForm, ApplicationState, Commands as _, DiscardDraft, DraftSaved,
    IpcError, Language, ListApplications, OpenForm, OpenSession, OpenSettings, SaveDraft,
    SubmitApplication, SyncNow, Theme, UpdateAppearance, UpdateAutoLock,
};
use uc_model::Answers;
use uc_testkit::{TestApp, completed_certificate};

use crate::{
    applications::{open_form, signed_in, state, submit},
    files::{attach, completed, open_report, pdf},
};

/// Two devices in step, signed in as the same person.
async fn two_devices() -> (TestApp, TestApp) {
    let first = signed_in().await;
    let second = first.another_device().await;
    second.enter().await;
    sync(&second).await;
    (first, second)
}

async fn sync(app: &TestApp) {
    app.core().sync_now(SyncNow {}).await.expect("a session");
}

async fn save(
    app: &TestApp,
    form: &ApplicationForm,
    changes: &[(&str, &str)],
    chosen: &[&str],
) -> DraftSaved {
    let mut answers = form.answers.clone();
    answers.extend(
        changes
            .iter()
            .map(|(property, text)| ((*property).to_owned(), json!(text))),
    );
    save_answers(app, form, answers, chosen).await
}

async fn save_answers(
    app: &TestApp,
    form: &ApplicationForm,
    answers: Answers,
    chosen: &[&str],
) -> DraftSaved {
    let request = SaveDraft {
        application: form.application,
        service: form.service.clone(),
        acting_for: None,
        answers,
        chosen: chosen
            .iter()
            .map(|property| (*property).to_owned())
            .collect(),
        step: 1,
    };
    app.core().save_draft(request).await.expect("kept")
}

async fn reopen(app: &TestApp, form: &ApplicationForm) -> Result<ApplicationForm, IpcError> {
    let request = OpenForm {
        service: form.service.clone(),
        application: Some(form.application),
    };
    app.core().open_form(request).await
}

async fn opened(app: &TestApp, form: &ApplicationForm) -> ApplicationForm {
    reopen(app, form).await.expect("a form")
}

/// A draft that both devices know.
async fn shared_draft(first: &TestApp, second: &TestApp) -> ApplicationForm {
    let form = open_form(first).await;
    save(first, &form, &[("birth_place", "г. Тула")], &[]).await;
    sync(first).await;
    sync(second).await;
    form
}

#[tokio::test]
async fn app_04_a_draft_goes_on_on_another_device() {
    let (first, second) = two_devices().await;
    let form = shared_draft(&first, &second).await;
    let there = opened(&second, &form).await;
    assert_eq!(there.answers["birth_place"], "г. Тула");
    let page = second
        .core()
        .list_applications(ListApplications::default())
        .await;
    assert_eq!(
        page.expect("a page").applications[0].state,
        ApplicationState::Draft
    );

    save(&second, &there, &[("birth_place", "г. Орёл")], &[]).await;
    sync(&second).await;
    sync(&first).await;
    assert_eq!(
        opened(&first, &form).await.answers["birth_place"],
        "г. Орёл"
    );
}

#[tokio::test]
async fn app_04_a_draft_that_was_sent_or_thrown_away_is_gone_on_the_other_device() {
    let (first, second) = two_devices().await;
    let form = shared_draft(&first, &second).await;
    submit(&second, &form).await.expect("sent");
    sync(&second).await;
    sync(&first).await;
    assert_eq!(state(&first, &form).await, ApplicationState::Registered);
    assert!(
        opened(&first, &form).await.answers.contains_key("consent"),
        "as it was sent"
    );

    let form = shared_draft(&first, &second).await;
    let discard = DiscardDraft {
        application: form.application,
    };
    first.core().discard_draft(discard).await.expect("gone");
    sync(&first).await;
    sync(&second).await;
    assert_eq!(reopen(&second, &form).await.err(), Some(IpcError::NotFound));
}

#[tokio::test]
async fn ob_11_two_devices_offline_that_change_different_answers_keep_both() {
    let (first, second) = two_devices().await;
    let form = shared_draft(&first, &second).await;
    let there = opened(&second, &form).await;
    first.network.set_offline(true);
    second.network.set_offline(true);
    save(
        &first,
        &form,
        &[("birth_place", "г. Тула"), ("residence_regions", "Москва")],
        &[],
    )
    .await;
    save(&second, &there, &[("birth_place", "г. Орёл")], &[]).await;
    for app in [&first, &second, &first] {
        app.network.set_offline(false);
        sync(app).await;
    }
    for app in [&first, &second] {
        let form = opened(app, &form).await;
        assert_eq!(form.answers["birth_place"], "г. Орёл");
        assert_eq!(form.answers["residence_regions"], "Москва");
        assert!(form.conflicts.is_empty());
    }
}

#[tokio::test]
async fn ob_11_two_devices_offline_that_change_one_answer_keep_both_and_the_person_chooses() {
    let (first, second) = two_devices().await;
    let form = shared_draft(&first, &second).await;
    let there = opened(&second, &form).await;
    second.network.set_offline(true);
    save(&first, &form, &[("birth_place", "г. Орёл")], &[]).await;
    sync(&first).await;
    save(&second, &there, &[("birth_place", "г. Курск")], &[]).await;
    second.network.set_offline(false);
    sync(&second).await;
    sync(&second).await;
    sync(&first).await;

    let there = opened(&second, &form).await;
    assert_eq!(there.answers["birth_place"], "г. Курск");
    assert_eq!(there.conflicts["birth_place"], "г. Орёл");
    let here = opened(&first, &form).await;
    assert_eq!(
        here.answers["birth_place"], "г. Орёл",
        "nothing is overwritten"
    );
    assert_eq!(send(&second, &there, &[]).await.err(), Some(two_answers()));

    save(&second, &there, &[], &["birth_place"]).await;
    sync(&second).await;
    sync(&first).await;
    for app in [&first, &second] {
        let form = opened(app, &form).await;
        assert_eq!(form.answers["birth_place"], "г. Курск");
        assert!(form.conflicts.is_empty());
    }
    send(&second, &there, &["birth_place"]).await.expect("sent");
}

async fn send(app: &TestApp, form: &ApplicationForm, chosen: &[&str]) -> Result<(), IpcError> {
    let mut answers = completed_certificate(form);
    answers.insert(
        "birth_place".to_owned(),
        form.answers["birth_place"].clone(),
    );
    let request = SubmitApplication {
        application: form.application,
        service: form.service.clone(),
        acting_for: None,
        answers,
        chosen: chosen
            .iter()
            .map(|property| (*property).to_owned())
            .collect(),
    };
    app.core().submit_application(request).await.map(drop)
}

fn two_answers() -> IpcError {
    IpcError::Rejected {
        faults: vec![uc_forms::FieldFault {
            property: "birth_place".to_owned(),
            rule: BrokenRule::TwoAnswers,
        }],
    }
}

#[tokio::test]
async fn ob_11_a_form_that_is_open_does_not_overwrite_what_came_from_another_device() {
    let (first, second) = two_devices().await;
    let form = shared_draft(&first, &second).await;
    let open_here = opened(&first, &form).await;
    let there = opened(&second, &form).await;
    save(&second, &there, &[("birth_place", "г. Орёл")], &[]).await;
    sync(&second).await;
    sync(&first).await;

    let saved = save(&first, &open_here, &[("residence_regions", "Москва")], &[]).await;
    assert!(saved.changed_elsewhere);
    let here = opened(&first, &form).await;
    assert_eq!(here.answers["birth_place"], "г. Орёл");
    assert_eq!(here.answers["residence_regions"], "Москва");
    let again = save_answers(&first, &here, here.answers.clone(), &[]).await;
    assert!(!again.changed_elsewhere);
}

#[tokio::test]
async fn ob_11_what_the_profile_fills_in_anew_is_no_change_of_another_device() {
    let (first, second) = two_devices().await;
    let form = shared_draft(&first, &second).await;
    let mut cleared = form.answers.clone();
    assert!(cleared.remove("snils").is_some());
    save_answers(&first, &form, cleared, &[]).await;
    let again = opened(&first, &form).await;
    assert!(again.answers.contains_key("snils"), "filled in anew");
    let saved = save_answers(&first, &form, again.answers.clone(), &[]).await;
    assert!(!saved.changed_elsewhere);
    assert_eq!(opened(&first, &form).await.answers, again.answers);
}

#[tokio::test]
async fn ob_11_an_own_change_whose_answer_was_lost_does_not_come_back_over_a_newer_one() {
    let (first, second) = two_devices().await;
    let form = shared_draft(&first, &second).await;
    save(&first, &form, &[("birth_place", "г. Орёл")], &[]).await;
    let path = format!("/v1/roaming/draft-{}", form.application);
    first.network.swallow_answers_of(&path, 1);
    sync(&first).await;
    save(&first, &form, &[("birth_place", "г. Тула")], &[]).await;
    sync(&first).await;
    sync(&second).await;
    for app in [&first, &second] {
        let form = opened(app, &form).await;
        assert_eq!(form.answers["birth_place"], "г. Тула");
        assert!(form.conflicts.is_empty());
    }
}

#[tokio::test]
async fn ob_11_a_draft_of_a_later_client_is_left_alone() {
    let (first, second) = two_devices().await;
    let form = open_form(&second).await;
    let id = uc_portal_api::RoamingId::Draft(form.application);
    let version = uc_portal_api::RoamingVersion {
        base: 0,
        fields: Some([("$new".to_owned(), json!(1))].into_iter().collect()),
    };
    let (store, now) = (
        &first.portal().portal().store,
        first.portal().portal().clock.now(),
    );
    let person = || "demo-anna".parse().expect("an id");
    let written = store
        .write_roaming(person(), id, version.clone(), now)
        .await;
    written.expect("a store").expect("written");
    sync(&first).await;
    sync(&first).await;
    let kept = store
        .find_roaming(person(), id)
        .await
        .expect("a store")
        .expect("kept");
    assert_eq!(kept.fields, version.fields);
}

#[tokio::test]
async fn ob_11_a_draft_thrown_away_here_and_changed_there_stays() {
    let (first, second) = two_devices().await;
    let form = shared_draft(&first, &second).await;
    let there = opened(&second, &form).await;
    first.network.set_offline(true);
    let discard = DiscardDraft {
        application: form.application,
    };
    first.core().discard_draft(discard).await.expect("gone");
    save(&second, &there, &[("birth_place", "г. Орёл")], &[]).await;
    sync(&second).await;
    first.network.set_offline(false);
    sync(&first).await;
    sync(&second).await;
    for app in [&first, &second] {
        assert_eq!(opened(app, &form).await.answers["birth_place"], "г. Орёл");
    }
}

#[tokio::test]
async fn ob_15_a_draft_with_a_file_can_be_sent_from_another_device() {
    let (first, second) = two_devices().await;
    let form = open_report(&first).await;
    let photo = attach(&first, &form, &pdf(3000)).await.expect("kept");
    save_answers(&first, &form, completed(&form, &photo), &[]).await;
    sync(&first).await;
    sync(&second).await;

    let there = opened(&second, &form).await;
    let request = SubmitApplication {
        application: there.application,
        service: there.service.clone(),
        acting_for: None,
        answers: there.answers.clone(),
        chosen: Vec::new(),
    };
    let sent = second
        .core()
        .submit_application(request)
        .await
        .expect("sent");
    assert_eq!(sent.row.state, ApplicationState::Registered);
}

async fn look(app: &TestApp) -> Appearance {
    app.core()
        .open_session(OpenSession {})
        .await
        .expect("a session")
        .appearance
}

#[tokio::test]
async fn pers_04_settings_follow_the_person_field_by_field() {
    let (first, second) = two_devices().await;
    let appearance = Appearance {
        theme: Theme::Dark,
        ..look(&first).await
    };
    first
        .core()
        .update_appearance(UpdateAppearance { appearance })
        .await
        .expect("kept");
    let auto_lock = uc_ipc::AutoLock::OneMinute;
    first
        .core()
        .update_auto_lock(UpdateAutoLock { auto_lock })
        .await
        .expect("kept");
    let other = Appearance {
        language: Language::En,
        ..look(&second).await
    };
    second
        .core()
        .update_appearance(UpdateAppearance { appearance: other })
        .await
        .expect("kept");
    for app in [&first, &second, &first] {
        sync(app).await;
    }
    for app in [&first, &second] {
        let appearance = look(app).await;
        assert_eq!(
            (appearance.theme, appearance.language),
            (Theme::Dark, Language::En)
        );
        let settings = app
            .core()
            .open_settings(OpenSettings {})
            .await
            .expect("settings");
        assert_eq!(settings.auto_lock, auto_lock);
    }
}

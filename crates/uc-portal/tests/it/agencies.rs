use reqwest::StatusCode;
use uc_model::ApplicationStatus;
use uc_portal::feed::Listener;
use uc_portal_api::{ActivityKind, Dialog, FeedChange, GuiAction, Hint};

use crate::{
    citizen::{Citizen, correction, uuid},
    harness::{Fixture, problem},
};

const MINUTE: u64 = 60;

/// One who hears when the person's feed has news.
async fn listen(fixture: &Fixture, dialog: &Dialog) -> Listener {
    let mut listener = fixture
        .running
        .portal()
        .desk
        .hints
        .listen(&dialog.party, None);
    for hint in [Hint::Feed, Hint::Catalogue] {
        assert_eq!(listener.next().await.unwrap().0, hint);
    }
    listener
}

/// Moves the clock and waits for the agency.
async fn pass(
    fixture: &Fixture,
    listener: &mut Listener,
    minutes: u64,
    citizen: &mut Citizen,
) -> Dialog {
    fixture.advance(minutes * MINUTE);
    assert_eq!(listener.next().await.unwrap().0, Hint::Feed);
    citizen.renew().await;
    citizen.application(uuid(1)).await
}

#[tokio::test]
async fn app_08_an_application_is_corrected_and_approved() {
    let fixture = Fixture::start().await;
    let mut citizen = Citizen::first(fixture.browser()).await;
    let registered = citizen.submit_new(1).await;
    let mut listener = listen(&fixture, &registered).await;
    let accepted = pass(&fixture, &mut listener, 10, &mut citizen).await;
    assert_eq!(accepted.extended_status, ApplicationStatus::InProgress);
    assert_eq!(
        problem(citizen.submit(uuid(1), uuid(20), &correction()).await).await,
        "revision_conflict"
    );

    let asked = pass(&fixture, &mut listener, 60, &mut citizen).await;
    assert_eq!(asked.extended_status, ApplicationStatus::NeedsCorrection);
    assert_eq!(asked.gui_actions, [GuiAction::Correct, GuiAction::Cancel]);
    assert_eq!(
        asked.correction.as_ref().unwrap().fields,
        ["passport_issued_by"]
    );
    assert_eq!(asked.transmissions.len(), 1);

    let response = citizen.submit(uuid(1), uuid(21), &correction()).await;
    assert_eq!(response.status(), StatusCode::OK);
    let corrected: Dialog = response.json().await.unwrap();
    assert_eq!(corrected.extended_status, ApplicationStatus::InProgress);
    assert_eq!((corrected.submission, &corrected.correction), (2, &None));
    assert_eq!(
        corrected.answers.text("passport_issued_by").unwrap(),
        "ОВД «Тверской» г. Москвы"
    );
    assert_eq!(listener.next().await.unwrap().0, Hint::Feed);

    let approved = pass(&fixture, &mut listener, 120, &mut citizen).await;
    assert_eq!(approved.extended_status, ApplicationStatus::Approved);
    assert_eq!((approved.progress, approved.gui_actions.len()), (100, 0));
    let kinds: Vec<_> = approved
        .activities
        .iter()
        .map(|activity| activity.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            ActivityKind::DialogCreated,
            ActivityKind::FormSubmitted,
            ActivityKind::Information,
            ActivityKind::SentToFormFill,
            ActivityKind::FormSubmitted,
            ActivityKind::DialogClosed,
        ]
    );
    let revisions =
        [&registered, &accepted, &asked, &corrected, &approved].map(|dialog| dialog.revision);
    assert_eq!(revisions, [1, 2, 3, 4, 5]);
    assert_eq!(
        problem(citizen.cancel(uuid(1), uuid(22)).await).await,
        "already_decided"
    );
}

#[tokio::test]
async fn app_08_an_agency_waits_for_the_correction_however_long() {
    let fixture = Fixture::start().await;
    let mut citizen = Citizen::first(fixture.browser()).await;
    let mut listener = listen(&fixture, &citizen.submit_new(1).await).await;
    pass(&fixture, &mut listener, 10, &mut citizen).await;
    let asked = pass(&fixture, &mut listener, 60, &mut citizen).await;
    assert_eq!(
        fixture
            .running
            .portal()
            .store
            .find_next_due()
            .await
            .unwrap(),
        None
    );
    fixture.advance(7 * 24 * 60 * MINUTE);
    citizen.renew().await;
    assert_eq!(citizen.application(uuid(1)).await, asked);
}

#[tokio::test]
async fn app_08_agencies_go_on_after_a_restart() {
    let fixture = Fixture::start().await;
    let mut citizen = Citizen::first(fixture.browser()).await;
    let registered = citizen.submit_new(1).await;
    let fixture = fixture.restart().await;
    let mut listener = listen(&fixture, &registered).await;
    let accepted = pass(&fixture, &mut listener, 10, &mut citizen).await;
    assert_eq!(accepted.extended_status, ApplicationStatus::InProgress);
}

#[tokio::test]
async fn app_08_the_feed_gives_each_thing_once_as_it_is_now() {
    let fixture = Fixture::start().await;
    let mut citizen = Citizen::first(fixture.browser()).await;
    let empty = citizen.feed(None).await;
    assert!(matches!(empty.changes[..], [FeedChange::Profile(_)]));
    let mut listener = listen(&fixture, &citizen.submit_new(1).await).await;
    citizen.submit_new(2).await;
    assert_eq!(listener.next().await.unwrap().0, Hint::Feed);
    let accepted = pass(&fixture, &mut listener, 10, &mut citizen).await;
    let feed = citizen.feed(Some(&empty.next)).await;
    assert!(!feed.has_more);
    let revisions: Vec<_> = feed
        .changes
        .iter()
        .filter_map(|change| match change {
            FeedChange::Application(dialog) if dialog.id == accepted.id => Some(dialog.revision),
            FeedChange::Application(_) | FeedChange::Profile(_) | FeedChange::Roaming(_) => None,
        })
        .collect();
    assert_eq!((feed.changes.len(), revisions), (2, vec![2]));
    let after = citizen.feed(Some(&feed.next)).await;
    assert_eq!((after.changes.len(), after.next), (0, feed.next));
    let strange = citizen.get("/v1/feed?after=0000.1").await;
    assert_eq!(strange.status(), StatusCode::GONE);
    assert_eq!(problem(strange).await, "cursor_gone");
}

//! Files of persons: sent in chunks, kept whole or not at all.

use data_encoding::HEXLOWER;
use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use sha2::{Digest, Sha256};
use uc_portal_api::{MAX_CHUNK_BYTES, Problem, ProblemCode, UploadState};

use crate::{
    citizen::{Citizen, uuid},
    harness::{Fixture, refused},
};

/// A PDF of this many bytes, each another.
fn pdf(bytes: usize, filling: u8) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%".to_vec();
    file.resize(bytes - 7, filling);
    file.extend(b"\n%%EOF\n");
    file
}

fn name(file: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(file))
}

async fn begin(citizen: &Citizen, name: &str, size: usize) -> Response {
    citizen
        .request(Method::POST, &format!("/v1/files/{name}"))
        .json(&json!({ "size": size }))
        .send()
        .await
        .unwrap()
}

async fn send(citizen: &Citizen, name: &str, start: usize, chunk: &[u8]) -> Response {
    citizen
        .request(Method::PUT, &format!("/v1/files/{name}/{start}"))
        .body(chunk.to_vec())
        .send()
        .await
        .unwrap()
}

async fn state(response: Response) -> UploadState {
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

async fn problem(response: Response) -> Problem {
    assert!(response.status().is_client_error());
    response.json().await.unwrap()
}

/// A whole file in one chunk.
async fn upload(citizen: &Citizen, file: &[u8]) -> Response {
    let name = name(file);
    state(begin(citizen, &name, file.len()).await).await;
    send(citizen, &name, 0, file).await
}

#[tokio::test]
async fn sv_04_a_file_comes_in_chunks_and_goes_on_after_a_lost_answer() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let file = pdf(MAX_CHUNK_BYTES + 1000, b'a');
    let name = name(&file);
    let (first, last) = file.split_at(MAX_CHUNK_BYTES);
    assert_eq!(
        state(begin(&citizen, &name, file.len()).await)
            .await
            .received,
        0
    );
    state(send(&citizen, &name, 0, first).await).await;

    // The answer was lost, and the portal started again: nothing is sent twice.
    let fixture = fixture.restart().await;
    let citizen = citizen.at(fixture.browser());
    let so_far = state(begin(&citizen, &name, file.len()).await).await;
    assert_eq!(
        (so_far.received, so_far.stored),
        (first.len() as u64, false)
    );
    let again = state(send(&citizen, &name, 0, first).await).await;
    assert_eq!(again, so_far);
    let done = state(send(&citizen, &name, first.len(), last).await).await;
    assert_eq!((done.received, done.stored), (file.len() as u64, true));
    assert_eq!(
        state(send(&citizen, &name, first.len(), last).await).await,
        done
    );
    assert_eq!(state(begin(&citizen, &name, file.len()).await).await, done);
}

#[tokio::test]
async fn sv_04_a_file_that_is_another_than_its_name_says_is_dropped() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let file = pdf(100, b'a');
    let other = name(&pdf(100, b'b'));
    state(begin(&citizen, &other, file.len()).await).await;
    let refused = problem(send(&citizen, &other, 0, &file).await).await;
    assert_eq!(refused.code, ProblemCode::FileRefused);
    let anew = state(begin(&citizen, &other, file.len()).await).await;
    assert_eq!((anew.received, anew.stored), (0, false));
}

#[tokio::test]
async fn sv_04_only_pictures_and_documents_are_kept() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    for (file, rule) in refused([
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice(),
            "contentMediaType",
        ),
        (b"PK\x03\x04 an archive", "contentMediaType"),
        (
            b"<!doctype html><script>alert(1)</script>",
            "contentMediaType",
        ),
        (b"%PDF-1.7 without an end", "contentEncoding"),
        (b"\xff\xd8\xff\xe0 no picture", "contentEncoding"),
    ]) {
        let problem = problem(upload(&citizen, file).await).await;
        assert_eq!(problem.code, ProblemCode::FileRefused);
        assert_eq!(problem.fields[0].rule, rule);
    }
}

#[tokio::test]
async fn sv_04_sizes_names_and_places_are_checked() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let file = pdf(100, b'a');
    let name = name(&file);
    let unknown = problem(send(&citizen, &name, 0, &file).await).await;
    assert_eq!(unknown.code, ProblemCode::NotFound);
    for (name, size, code) in refused([
        (name.as_str(), 0, ProblemCode::FileRefused),
        (&name, (20 << 20) + 1, ProblemCode::TooLarge),
        (&name.to_uppercase(), 100, ProblemCode::NotFound),
        ("..%2F..%2Fportal.db", 100, ProblemCode::NotFound),
    ]) {
        assert_eq!(problem(begin(&citizen, name, size).await).await.code, code);
    }
    state(begin(&citizen, &name, file.len()).await).await;
    let other_size = problem(begin(&citizen, &name, 99).await).await;
    assert_eq!(other_size.code, ProblemCode::BadRequest);
    // A chunk in the wrong place, or beyond the end, changes nothing.
    for (start, chunk) in [
        (1, &file[1..]),
        (0, &[&file[..], b"more"].concat()),
        (0, b""),
    ] {
        let so_far = state(send(&citizen, &name, start, chunk).await).await;
        assert_eq!((so_far.received, so_far.stored), (0, false));
    }
    let large = vec![0; MAX_CHUNK_BYTES + 1];
    let large = problem(send(&citizen, &name, 0, &large).await).await;
    assert_eq!(large.code, ProblemCode::TooLarge);
}

#[tokio::test]
async fn sv_01_nobody_learns_what_files_another_has() {
    let fixture = Fixture::start().await;
    let owner = Citizen::first(fixture.browser()).await;
    let other = Citizen::second(fixture.browser()).await;
    let file = pdf(100, b'a');
    assert!(state(upload(&owner, &file).await).await.stored);
    let name = name(&file);
    let unknown = problem(send(&other, &name, 0, &file).await).await;
    assert_eq!(unknown.code, ProblemCode::NotFound);
    let own = state(begin(&other, &name, file.len()).await).await;
    assert_eq!((own.received, own.stored), (0, false));
}

#[tokio::test]
async fn sv_04_a_person_begins_and_keeps_only_so_much() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let names: Vec<String> = (0..9).map(|number| name(&[number])).collect();
    for name in &names[..8] {
        state(begin(&citizen, name, 100).await).await;
    }
    let refused = problem(begin(&citizen, &names[8], 100).await).await;
    assert_eq!(refused.code, ProblemCode::NoRoom);
    // What was begun and left is forgotten after a day.
    fixture.advance(24 * 3600);
    let mut citizen = citizen;
    citizen.renew().await;
    state(begin(&citizen, &names[8], 100).await).await;
}

/// A report of a hole in a street, with a picture of it.
fn report(photo: &[u8]) -> serde_json::Value {
    json!({
        "service": "street-defect-report", "formVersion": 1, "revision": 1,
        "answers": {
            "defect": "pothole", "description": "Яма около метра у остановки", "seen_on": "2026-01-12",
            "place_address": "г. Москва, ул. Лесная, у дома 5", "last_name": "Иванова", "first_name": "Мария",
            "phone": "+79001234567", "consent": true,
            "photo": { "file": name(photo), "name": "яма.pdf", "size": photo.len() },
        },
    })
}

#[tokio::test]
async fn ob_15_an_application_names_only_files_that_came_whole() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let photo = pdf(2000, b'a');
    let name = name(&photo);

    let absent = problem(citizen.submit(uuid(1), uuid(9), &report(&photo)).await).await;
    assert_eq!(absent.code, ProblemCode::InvalidAnswers);
    assert_eq!(
        (&*absent.fields[0].field, &*absent.fields[0].rule),
        ("photo", "file")
    );

    state(begin(&citizen, &name, photo.len()).await).await;
    state(send(&citizen, &name, 0, &photo[..1000]).await).await;
    let half = problem(citizen.submit(uuid(1), uuid(10), &report(&photo)).await).await;
    assert_eq!(half.code, ProblemCode::InvalidAnswers);

    let done = state(send(&citizen, &name, 1000, &photo[1000..]).await).await;
    assert!(done.stored);
    let taken = citizen.submit(uuid(1), uuid(11), &report(&photo)).await;
    assert_eq!(taken.status(), StatusCode::CREATED);
    let dialog = citizen.application(uuid(1)).await;
    assert_eq!(dialog.answers["photo"]["file"], name);
}

#[tokio::test]
async fn ob_15_a_file_of_another_person_is_not_there() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let photo = pdf(2000, b'a');
    assert!(state(upload(&citizen, &photo).await).await.stored);
    let stranger = Citizen::second(fixture.browser()).await;
    let absent = problem(stranger.submit(uuid(1), uuid(9), &report(&photo)).await).await;
    assert_eq!(absent.code, ProblemCode::InvalidAnswers);
    assert_eq!(absent.fields[0].rule, "file");
}

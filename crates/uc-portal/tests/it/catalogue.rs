use std::{fs, path::Path, sync::Arc};

use reqwest::{Certificate, Response, StatusCode, header};
use tempfile::TempDir;
use uc_portal::{Config, ManualClock, RunningPortal, Times};
use uc_portal_api::{CatalogueChange, CatalogueKind, CataloguePage};

use crate::harness::{Browser, problem};

/// A copy of the data files that a test may change.
fn copy() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    copy_into(dir.path());
    dir
}

pub(crate) fn copy_into(copy: &Path) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue");
    for folder in ["", "services", "forms", "scripts"] {
        fs::create_dir_all(copy.join(folder)).unwrap();
        for entry in fs::read_dir(source.join(folder)).unwrap() {
            let from = entry.unwrap().path();
            if from.is_file() {
                let to = copy.join(folder).join(from.file_name().unwrap());
                fs::copy(&from, to).unwrap();
            }
        }
    }
}

async fn start(data: &Path, catalogue: &Path) -> (RunningPortal, Browser) {
    let clock = ManualClock::new("2026-03-02T09:00:00Z".parse().unwrap());
    let config = Config {
        demo: false,
        catalogue: Some(catalogue.to_owned()),
        ..Config::demo(data.to_owned(), Times::Given(Arc::new(clock)))
    };
    let running = uc_portal::spawn(config).await.unwrap();
    let browser = Browser::new(running.issuer(), running.ca_pem());
    (running, browser)
}

async fn page(response: Response) -> CataloguePage {
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

async fn pull(browser: &mut Browser, after: Option<&str>) -> CataloguePage {
    let query = after.map_or_else(String::new, |after| format!("?after={after}"));
    page(browser.get(&format!("/v1/catalogue{query}")).await).await
}

#[tokio::test]
async fn cat_02_a_client_gets_what_changed_and_what_is_gone() {
    let (data, files) = (tempfile::tempdir().unwrap(), copy());
    let (running, mut browser) = start(data.path(), files.path()).await;
    let first = pull(&mut browser, None).await;
    assert_eq!(first.remaining, first.changes.len() as u64);
    assert!(first.changes.len() > 200 && !first.has_more);
    let latest = pull(&mut browser, Some(&first.next)).await;
    assert_eq!((latest.changes.len(), latest.remaining), (0, 0));
    assert_eq!(latest.next, first.next);
    running.stop().await;

    let service = files.path().join("services/passport-replacement.toml");
    let text = fs::read_to_string(&service).unwrap();
    fs::write(
        &service,
        text.replacen("title = \"", "title = \"Новая: ", 1),
    )
    .unwrap();
    fs::remove_file(files.path().join("services/hunting-ticket.toml")).unwrap();
    fs::remove_file(files.path().join("scripts/hunting-ticket.toml")).unwrap();
    fs::remove_file(files.path().join("forms/hunting-ticket.schema.json")).unwrap();
    fs::remove_file(files.path().join("forms/hunting-ticket.ui.json")).unwrap();
    let (running, mut browser) = start(data.path(), files.path()).await;
    let delta = pull(&mut browser, Some(&first.next)).await;
    assert_eq!((delta.changes.len(), delta.remaining), (3, 3));
    let CatalogueChange::Service(changed) = &delta.changes[0] else {
        panic!("the changed service comes first");
    };
    assert_eq!(changed.id.as_str(), "passport-replacement");
    assert!(changed.title.starts_with("Новая: "));
    let deleted = |kind| CatalogueChange::Deleted {
        kind,
        id: "hunting-ticket".into(),
    };
    assert_eq!(
        delta.changes[1..],
        [
            deleted(CatalogueKind::Form),
            deleted(CatalogueKind::Service)
        ]
    );
    running.stop().await;

    // A start without a change publishes nothing.
    let (_running, mut browser) = start(data.path(), files.path()).await;
    assert_eq!(pull(&mut browser, Some(&delta.next)).await.next, delta.next);
}

#[tokio::test]
async fn cat_02_a_page_has_an_end_and_the_next_begins_there() {
    let (data, files) = (tempfile::tempdir().unwrap(), copy());
    let template = fs::read_to_string(files.path().join("services/passport-first.toml")).unwrap();
    for number in 0..400 {
        let id = format!("made-up-{number}");
        let text = template.replacen("passport-first", &id, 1);
        fs::write(files.path().join(format!("services/{id}.toml")), text).unwrap();
    }
    let (_running, mut browser) = start(data.path(), files.path()).await;
    let first = pull(&mut browser, None).await;
    assert_eq!((first.changes.len(), first.has_more), (500, true));
    let second = pull(&mut browser, Some(&first.next)).await;
    assert_eq!(second.remaining, first.remaining - 500);
    assert_eq!(
        (second.changes.len() as u64, second.has_more),
        (second.remaining, false)
    );
}

#[tokio::test]
async fn cat_02_an_unchanged_catalogue_is_not_sent_again() {
    let (data, files) = (tempfile::tempdir().unwrap(), copy());
    let (_running, mut browser) = start(data.path(), files.path()).await;
    let response = browser.get("/v1/catalogue").await;
    let tag = response.headers()[header::ETAG].clone();
    assert_eq!(
        response.headers()[header::CACHE_CONTROL],
        "public, no-cache"
    );
    let url = browser.url("/v1/catalogue");
    for (held, status) in [
        (tag.to_str().unwrap(), StatusCode::NOT_MODIFIED),
        ("\"other\"", StatusCode::OK),
        ("*", StatusCode::NOT_MODIFIED),
    ] {
        let request = browser
            .http
            .get(url.clone())
            .header(header::IF_NONE_MATCH, held);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{held}");
        assert_eq!(response.headers()[header::ETAG], tag);
    }
}

#[tokio::test]
async fn cat_02_a_cursor_of_another_portal_is_gone() {
    let files = copy();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (_first, mut browser) = start(one.path(), files.path()).await;
    let cursor = pull(&mut browser, None).await.next;
    let (_second, mut browser) = start(other.path(), files.path()).await;
    for after in [cursor.as_str(), "nonsense"] {
        let response = browser.get(&format!("/v1/catalogue?after={after}")).await;
        assert_eq!(response.status(), StatusCode::GONE);
        assert_eq!(problem(response).await, "cursor_gone");
    }
    let twice = browser.get("/v1/catalogue?after=a&after=b").await;
    assert_eq!(twice.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn cat_02_pages_travel_compressed() {
    let (data, files) = (tempfile::tempdir().unwrap(), copy());
    let (running, browser) = start(data.path(), files.path()).await;
    let plain = reqwest::Client::builder()
        .tls_certs_only([Certificate::from_pem(running.ca_pem().as_bytes()).unwrap()])
        .no_gzip()
        .no_brotli()
        .build()
        .unwrap();
    let mut sizes = Vec::new();
    for encoding in ["identity", "gzip", "br"] {
        let request = plain.get(browser.url("/v1/catalogue"));
        let response = request
            .header(header::ACCEPT_ENCODING, encoding)
            .send()
            .await
            .unwrap();
        let sent = response.headers().get(header::CONTENT_ENCODING).cloned();
        assert_eq!(
            sent.map(|sent| sent == encoding),
            (encoding != "identity").then_some(true)
        );
        sizes.push(response.bytes().await.unwrap().len());
    }
    assert!(
        sizes[1] * 4 < sizes[0] && sizes[2] * 4 < sizes[0],
        "{sizes:?}"
    );
}

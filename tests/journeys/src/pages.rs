use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use http::{Request, Response, StatusCode, header};
use serde_json::{Value, json};
use uc_core::ports::{ByteStream, Http, HttpError, Limits};
use uc_ipc::{Commands as _, OpenCatalogue, SyncNow};
use uc_testkit::{MemoryKeyring, TestApp};

const PAGES: usize = 8;
const SERVICES_A_PAGE: usize = 40;

/// What happens to the question for a page.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Answered,
    /// The network goes away.
    Cut,
    /// Nobody answers, ever.
    Silent,
    /// The cursor is of another catalogue's life.
    Gone,
}

/// A way on which the catalogue comes in pages of this test's own.
struct Paged {
    inner: Arc<dyn Http>,
    catalogue: Arc<Catalogue>,
}

/// The catalogue, what was asked for, and what happens once to a page.
#[derive(Default)]
struct Catalogue {
    asked: Mutex<Vec<usize>>,
    fate: Mutex<Option<(usize, Fate)>>,
    /// Begins with each life of the catalogue; cursors of another are not taken.
    life: AtomicUsize,
}

impl Catalogue {
    fn asked(&self) -> MutexGuard<'_, Vec<usize>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn meet(&self, page: usize, fate: Fate) {
        self.asked().clear();
        *self.fate.lock().unwrap_or_else(PoisonError::into_inner) = Some((page, fate));
    }

    fn fate_of(&self, page: usize) -> Fate {
        let mut fate = self.fate.lock().unwrap_or_else(PoisonError::into_inner);
        let met = fate.take_if(|(known, _)| *known == page);
        met.map_or(Fate::Answered, |(_, fate)| fate)
    }

    /// The page that a cursor names; `None` where it is of another life.
    fn page_of(&self, query: Option<&str>) -> Option<usize> {
        let Some(cursor) = query.and_then(|query| query.strip_prefix("after=")) else {
            return Some(0);
        };
        let (life, page) = cursor.split_once('.').expect("a cursor of ours");
        let is_ours = life == self.life.load(Ordering::SeqCst).to_string();
        is_ours.then(|| page.parse().expect("a page"))
    }

    fn page(&self, page: usize) -> Value {
        let end = (page + 1).min(PAGES);
        let services = (page * SERVICES_A_PAGE..end * SERVICES_A_PAGE).map(service);
        json!({
            "changes": services.collect::<Vec<_>>(),
            "next": format!("{}.{end}", self.life.load(Ordering::SeqCst)),
            "hasMore": end < PAGES,
            "remaining": (PAGES - page) * SERVICES_A_PAGE,
        })
    }
}

fn service(number: usize) -> Value {
    json!({
        "type": "service", "id": format!("service-{number}"), "title": format!("Услуга {number}"),
        "titleEn": format!("Service {number}"), "summary": "", "level": "federal", "agency": "mvd",
        "audience": [], "lifeSituations": [], "keywords": [], "popularity": 1 + number % 100,
        "who": "", "result": "", "documents": [], "channels": [], "legalGround": [], "source": "",
        "asOf": "2026-11-01", "hasForm": false,
    })
}

fn answer(status: StatusCode, kind: &str, body: &Value) -> Response<Vec<u8>> {
    let answer = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind);
    answer
        .body(body.to_string().into_bytes())
        .expect("an answer")
}

fn gone() -> Response<Vec<u8>> {
    let problem = json!({
        "type": "urn:edinyi-klient:problem:cursor_gone", "title": "Gone", "status": 410, "code": "cursor_gone",
        "request_id": "0",
    });
    answer(StatusCode::GONE, "application/problem+json", &problem)
}

async fn reply(
    catalogue: Arc<Catalogue>,
    query: Option<String>,
) -> Result<Response<Vec<u8>>, HttpError> {
    let Some(page) = catalogue.page_of(query.as_deref()) else {
        return Ok(gone());
    };
    catalogue.asked().push(page);
    match catalogue.fate_of(page) {
        Fate::Answered => {}
        Fate::Cut => return Err(HttpError::Interrupted),
        Fate::Silent => std::future::pending().await,
        Fate::Gone => {
            catalogue.life.fetch_add(1, Ordering::SeqCst);
            return Ok(gone());
        }
    }
    Ok(answer(
        StatusCode::OK,
        "application/json",
        &catalogue.page(page),
    ))
}

impl Http for Paged {
    fn send(
        &self,
        request: Request<Vec<u8>>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<Response<Vec<u8>>, HttpError>> {
        if request.uri().path() == "/v1/catalogue" {
            let query = request.uri().query().map(str::to_owned);
            return reply(Arc::clone(&self.catalogue), query).boxed();
        }
        self.inner.send(request, limits)
    }

    fn open_stream(
        &self,
        request: Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<Response<ByteStream>, HttpError>> {
        self.inner.open_stream(request)
    }

    fn disconnect(&self) {
        self.inner.disconnect();
    }
}

/// An app whose first sync meets this fate.
async fn begin(page: usize, fate: Fate) -> (TestApp, Arc<Catalogue>) {
    let catalogue = Arc::new(Catalogue::default());
    catalogue.meet(page, fate);
    let laid = Arc::clone(&catalogue);
    let lay = |inner| -> Arc<dyn Http> {
        Arc::new(Paged {
            inner,
            catalogue: laid,
        })
    };
    let app = TestApp::start_through(MemoryKeyring::default(), lay).await;
    (app, catalogue)
}

async fn services(app: &TestApp) -> usize {
    let overview = app.core().open_catalogue(OpenCatalogue {}).await;
    overview.expect("a catalogue").services as usize
}

/// Ends when the page was asked for.
async fn until_asked(catalogue: &Catalogue, page: usize) {
    while !catalogue.asked().contains(&page) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn nw_06_a_sync_cut_at_any_page_keeps_what_came_and_goes_on_there() {
    for page in 0..PAGES {
        let (app, catalogue) = begin(page, Fate::Cut).await;
        until_asked(&catalogue, page).await;
        catalogue.asked().clear();
        app.core().sync_now(SyncNow {}).await.expect("a session");
        assert_eq!(services(&app).await, PAGES * SERVICES_A_PAGE, "page {page}");
        let first = catalogue.asked().first().copied();
        assert_eq!(first, Some(page), "nothing is fetched twice");
    }
}

#[tokio::test]
async fn nw_06_an_app_ended_at_any_page_has_whole_pages_and_goes_on() {
    for page in 0..PAGES {
        let (mut app, catalogue) = begin(page, Fate::Silent).await;
        until_asked(&catalogue, page).await;
        let kept = services(&app).await;
        assert!(kept <= page * SERVICES_A_PAGE && kept.is_multiple_of(SERVICES_A_PAGE));
        app.stop_app().await;
        catalogue.asked().clear();
        app.launch().await;
        app.core().sync_now(SyncNow {}).await.expect("a session");
        assert_eq!(services(&app).await, PAGES * SERVICES_A_PAGE, "page {page}");
        let first = catalogue.asked().first().copied();
        assert_eq!(first, Some(kept / SERVICES_A_PAGE));
    }
}

#[tokio::test]
async fn nw_06_a_catalogue_that_begins_another_life_at_any_page_is_fetched_anew() {
    for page in 1..PAGES {
        let (app, catalogue) = begin(page, Fate::Gone).await;
        until_asked(&catalogue, page).await;
        app.core().sync_now(SyncNow {}).await.expect("a session");
        assert_eq!(services(&app).await, PAGES * SERVICES_A_PAGE, "page {page}");
        let again = catalogue
            .asked()
            .iter()
            .filter(|asked| **asked == 0)
            .count();
        assert_eq!(again, 2, "from the beginning, once");
    }
}

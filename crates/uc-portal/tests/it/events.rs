use reqwest::{Response, StatusCode, header};

use crate::{citizen::Citizen, harness::Fixture};

/// An open stream of events.
struct Events {
    response: Response,
    text: String,
}

impl Events {
    async fn open(citizen: &Citizen, last: Option<u64>) -> Self {
        let mut request = citizen.request(reqwest::Method::GET, "/v1/events");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(
            response.headers()[header::CONTENT_TYPE],
            "text/event-stream"
        );
        Self {
            response,
            text: String::new(),
        }
    }

    /// The next event's name and number; `None` at the stream's end.
    async fn next(&mut self) -> Option<(String, u64)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.map(|value| value.trim().to_owned())
                };
                let found = (field("event:"), field("id:"));
                let read = self.text.len() - rest.len();
                self.text.drain(..read);
                if let (Some(name), Some(number)) = found {
                    return Some((name, number.parse().unwrap()));
                }
                continue;
            }
            let chunk = self.response.chunk().await.unwrap()?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

#[tokio::test]
async fn app_08_hints_come_with_growing_numbers_and_no_content() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let mut events = Events::open(&citizen, None).await;
    let (feed, first) = events.next().await.unwrap();
    let (catalogue, _) = events.next().await.unwrap();
    assert_eq!((feed.as_str(), catalogue.as_str()), ("feed", "catalogue"));
    citizen.submit_new(1).await;
    let (name, second) = events.next().await.unwrap();
    assert_eq!(name, "feed");
    assert!(second > first);
    // One who has heard the last hint is told only what comes after it.
    let mut again = Events::open(&citizen, Some(second)).await;
    citizen.submit_new(2).await;
    let (name, third) = again.next().await.unwrap();
    assert_eq!(name, "feed");
    assert!(third > second);
}

#[tokio::test]
async fn events_of_others_are_not_heard() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let other = Citizen::second(fixture.browser()).await;
    let mut events = Events::open(&citizen, None).await;
    for _ in 0..2 {
        events.next().await.unwrap();
    }
    other.submit_new(1).await;
    let mine = citizen.submit_new(2).await;
    let portal = fixture.running.portal();
    let (_, number) = events.next().await.unwrap();
    let mut late = portal.desk.hints.listen(&mine.party, None);
    assert_eq!(late.next().await.unwrap().1, number);
}

#[tokio::test]
async fn streams_end_with_the_portal_and_after_their_time() {
    let fixture = Fixture::start().await;
    let citizen = Citizen::first(fixture.browser()).await;
    let mut events = Events::open(&citizen, None).await;
    fixture.advance(15 * 60);
    while events.next().await.is_some() {}
    let mut citizen = citizen;
    citizen.renew().await;
    let mut events = Events::open(&citizen, None).await;
    fixture.running.drain();
    while events.next().await.is_some() {}
}

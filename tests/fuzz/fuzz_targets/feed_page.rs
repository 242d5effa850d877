//! A page of the feed, as far as what of it is news.

#![no_main]

use libfuzzer_sys::fuzz_target;
use uc_portal_api::{Feed, FeedChange};
use uc_sync::feed::{Change, news};

fuzz_target!(|bytes: &[u8]| {
    let Ok(feed) = serde_json::from_slice::<Feed>(bytes) else {
        return;
    };
    let written = serde_json::to_vec(&feed).expect("what was read can be written");
    let again: Feed = serde_json::from_slice(&written).expect("and read again");
    assert_eq!(again, feed, "reading changes nothing");
    let page: Vec<Change<()>> = feed
        .changes
        .iter()
        .filter_map(|change| match change {
            FeedChange::Application(dialog) => Some(Change {
                id: dialog.id,
                revision: dialog.revision,
                value: (),
            }),
            FeedChange::Profile(_) | FeedChange::Roaming(_) => None,
        })
        .collect();
    let all = page.len();
    let new = news(|_| None, page);
    assert!(new.len() <= all, "nothing is invented");
    let mut ids: Vec<_> = new.iter().map(|change| change.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), new.len(), "one change of an application");
});

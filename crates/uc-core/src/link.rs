//! Links from outside. Any program and any page can forge one: it opens a view after unlocking, and it never acts.

use uc_ipc::View;
use uc_model::ApplicationId;

use crate::{Core, gate::Stage};

/// The one kind of link that there is, before the application's id.
const REQUEST: &str = "edinyi://request/";

/// Remembers the application that a link asks for, and brings the window to the front.
pub(crate) fn open(core: &Core, text: &str) {
    let Some(application) = parse(text) else {
        tracing::info!("a link from outside makes no sense");
        return;
    };
    let stage = core.state().stage();
    if matches!(stage, Stage::Locked | Stage::Open) {
        core.state().requested = Some(application);
        core.changed(View::Session);
    }
    core.want_window();
}

/// An application's id in its one spelling; nothing before it, nothing behind it.
fn parse(text: &str) -> Option<ApplicationId> {
    let id = text.strip_prefix(REQUEST)?;
    let application: ApplicationId = id.parse().ok()?;
    (application.to_string() == id).then_some(application)
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};

    use super::*;

    const ID: &str = "0198c0de-0000-7000-8000-000000000001";
    const PIECES: [&str; 16] = [
        "edinyi:",
        "//",
        "/",
        "request",
        "settings",
        "user:password@",
        "evil.example",
        "%00",
        "\0",
        "\u{202e}",
        "javascript:",
        "file:",
        "?id=",
        "#",
        "..",
        ID,
    ];

    fn link(id: &str) -> String {
        format!("{REQUEST}{id}")
    }

    #[test]
    fn dl_03_a_link_names_an_application_and_nothing_else() {
        assert_eq!(parse(&link(ID)), ID.parse().ok());
        for other in [
            format!("edinyi://settings/{ID}"),
            format!("edinyi://request/{ID}/submit"),
            format!("edinyi://request/{ID}?submit=1"),
            format!("edinyi://request/{ID}#submit"),
            format!("edinyi://someone@request/{ID}"),
            format!("EDINYI://request/{ID}"),
            format!("https://request/{ID}"),
            link(&ID.to_uppercase()),
            link(&ID.replace('-', "")),
            link(""),
            "edinyi://request".to_owned(),
            String::new(),
        ] {
            assert_eq!(parse(&other), None, "{other}");
        }
    }

    #[test]
    fn dl_02_a_million_senseless_links_lead_nowhere() {
        let mut rng = StdRng::seed_from_u64(2);
        for _ in 0..1_000_000 {
            let count = rng.random_range(0..8);
            let text: String = (0..count)
                .map(|_| *PIECES.choose(&mut rng).expect("pieces"))
                .collect();
            let expected = (text == link(ID)).then(|| ID.parse().expect("an id"));
            assert_eq!(parse(&text), expected, "{text:?}");
        }
        assert_eq!(parse(&link(&"0".repeat(1 << 20))), None);
    }
}

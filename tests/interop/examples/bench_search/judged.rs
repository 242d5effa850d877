//! Searches with the service that must stand among the first five.

use std::{fs, path::Path};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use uc_store::{PublicStore, ServiceFilter};

/// Half that the search may be tuned by, half that it never was.
pub(crate) const HALVES: [(&str, &str); 2] = [
    ("open", "searches.toml"),
    ("frozen", "searches-frozen.toml"),
];

#[derive(Deserialize)]
struct File {
    query: Vec<Judged>,
}

/// A judged search.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Judged {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    expect: String,
}

/// What is difficult about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// Inflections.
    Form,
    /// Slips of the finger.
    Typo,
    /// The other keyboard layout.
    Layout,
    /// Other words for the same thing.
    Synonym,
}

/// How many of a half were found.
#[derive(Debug, Serialize)]
pub(crate) struct Hits {
    pub(crate) half: &'static str,
    pub(crate) among: usize,
    pub(crate) hit_at_5: f64,
}

pub(crate) fn load(file: &str) -> anyhow::Result<Vec<Judged>> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/uc-store/tests/data");
    let path = data.join(file);
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    Ok(toml::from_str::<File>(&text)?.query)
}

/// Both halves in a store of `among` services beside the real ones.
pub(crate) fn hits(store: &PublicStore, among: usize) -> anyhow::Result<Vec<Hits>> {
    HALVES
        .map(|(half, file)| {
            Ok(Hits {
                half,
                among,
                hit_at_5: hit_at_5(store, &load(file)?)?,
            })
        })
        .into_iter()
        .collect()
}

fn hit_at_5(store: &PublicStore, judged: &[Judged]) -> anyhow::Result<f64> {
    let mut hits = 0_u32;
    for query in judged {
        let found = store.read_blocking(|view| {
            view.search_services(&query.text, &ServiceFilter::default(), None, 5)
        })?;
        let is_hit = |title: &str| title.starts_with(&query.expect);
        if found.items.iter().any(|service| is_hit(&service.title)) {
            hits += 1;
        } else {
            println!("    missed: {}", query.text);
        }
    }
    Ok(f64::from(hits) / f64::from(u32::try_from(judged.len())?))
}

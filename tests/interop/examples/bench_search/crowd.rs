//! The peers: each a process that holds the same stems of the same services and times itself.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
    time::Duration,
};

use serde::Deserialize;
use serde_json::json;
use uc_interop::{
    line_program::LineProgram,
    peers::{Peer, Peers},
};
use uc_store::{Service, index_text};

/// A peer that is ready.
pub(crate) struct Beside {
    pub(crate) peer: Peer,
    pub(crate) version: String,
    pub(crate) times: Vec<Duration>,
    /// Searches that found nothing.
    pub(crate) empty: u32,
    program: LineProgram,
}

#[derive(Deserialize)]
struct Searched {
    us: f64,
    found: u32,
}

/// All peers of search, filled.
pub(crate) async fn fill(
    folder: &Path,
    services: impl Iterator<Item = Service>,
) -> anyhow::Result<Vec<Beside>> {
    let documents = folder.join("documents.jsonl");
    write(&documents, services)?;
    let peers = Peers::ensure_installed()?;
    let mut beside = Vec::new();
    for peer in Peer::OF_SEARCH {
        let mut program = LineProgram::start(peers.command(peer))?;
        let version = program
            .ask("load", json!({ "documents": documents }))
            .await?;
        beside.push(Beside {
            peer,
            version: version.as_str().unwrap_or_default().to_owned(),
            times: Vec::new(),
            empty: 0,
            program,
        });
    }
    Ok(beside)
}

impl Beside {
    /// One round over all queries; kept where it counts.
    pub(crate) async fn round(&mut self, queries: &[String], counts: bool) -> anyhow::Result<()> {
        let stems: Vec<Vec<String>> = queries
            .iter()
            .map(|query| index_text(query).split(' ').map(str::to_owned).collect())
            .collect();
        let answer = self
            .program
            .ask("search", json!({ "queries": stems }))
            .await?;
        let searched: Vec<Searched> = serde_json::from_value(answer)?;
        if counts {
            self.empty += u32::try_from(searched.iter().filter(|one| one.found == 0).count())?;
            let times = searched
                .iter()
                .map(|one| Duration::from_secs_f64(one.us / 1e6));
            self.times.extend(times);
        }
        Ok(())
    }

    pub(crate) async fn end(self) -> anyhow::Result<()> {
        Ok(self.program.end().await?)
    }
}

fn write(path: &Path, services: impl Iterator<Item = Service>) -> anyhow::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for (id, service) in services.enumerate() {
        let document = json!({
            "id": id,
            "title": index_text(&service.name.title),
            "keywords": index_text(&service.keywords.join(" ")),
            "body": index_text(&service.body),
            "name": service.name.title,
            "agency": service.name.agency.as_str(),
        });
        writeln!(file, "{document}")?;
    }
    Ok(file.flush()?)
}

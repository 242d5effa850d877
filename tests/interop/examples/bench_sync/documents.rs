//! The documents that both sides get.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use serde_json::{Value, json};
use uc_store::Service;

use crate::{catalogue, way::Served};

/// Writes the services as lines for the peer and as changes for ours.
pub(crate) fn write(path: &Path, server: &Served, services: u32) -> anyhow::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for service in catalogue::synthetic(services as usize) {
        writeln!(file, "{}", document(&service))?;
    }
    file.flush()?;
    Ok(server.add(catalogue::synthetic(services as usize).map(|service| as_change(&service)))?)
}

/// The first services with another title.
pub(crate) fn change_first(server: &Served, rows: u32) -> anyhow::Result<()> {
    let changed = catalogue::synthetic(rows as usize).map(|mut service| {
        service.name.title.push('.');
        as_change(&service)
    });
    Ok(server.add(changed)?)
}

fn as_change(service: &Service) -> String {
    let mut change = document(service);
    change["type"] = json!("service");
    change.to_string()
}

/// A service as the portal publishes it.
fn document(service: &Service) -> Value {
    json!({
        "id": service.name.id.as_str(),
        "title": service.name.title,
        "titleEn": service.name.title_en,
        "summary": service.body,
        "level": "federal",
        "agency": service.name.agency.as_str(),
        "audience": ["citizen"],
        "lifeSituations": [],
        "keywords": service.keywords,
        "popularity": service.popularity.max(1),
        "who": "Граждане, которым это нужно, и их представители.",
        "result": "Запись в реестре и уведомление.",
        "documents": ["Паспорт гражданина РФ", "Заявление"],
        "channels": ["online", "mfc"],
        "legalGround": ["Закон для проверки, ст. 1"],
        "source": "https://example.org/",
        "asOf": "2026-11-01",
        "hasForm": service.has_form,
    })
}

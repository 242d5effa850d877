//! Judging one page in one look.

use std::fs;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Failure, Result, ensure,
    page::Page,
    products::{axe, repository},
};

const INSPECT: &str = include_str!("inspect.js");
const RUN_AXE: &str = include_str!("axe.js");
const PLANT: &str = include_str!("plant.js");
const UPROOT: &str = "document.getElementById('planted').remove()";

/// A judge with the scripts and words it needs.
pub(super) struct Judge {
    axe: String,
    /// Names of messages in the locale files: none may be seen.
    keys: Vec<String>,
    proved: bool,
}

/// What one look saw.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) texts: u64,
    pub(super) elements: u64,
    pub(super) findings: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Answer {
    texts: u64,
    findings: Vec<String>,
}

impl Judge {
    /// Reads the locale files and the judge of accessibility.
    pub(super) fn load() -> Result<Self> {
        Ok(Self {
            axe: axe()?,
            keys: message_keys()?,
            proved: false,
        })
    }

    /// Judges what is shown. The first time, planted defects must be found first.
    pub(super) async fn look(&mut self, page: &Page) -> Result<Seen> {
        if !self.proved {
            self.prove(page).await?;
            self.proved = true;
        }
        self.judge(page).await
    }

    async fn judge(&self, page: &Page) -> Result<Seen> {
        let texts: Answer = answer(page.ask(INSPECT, vec![json!(self.keys)]).await?)?;
        let axe = run_axe(&self.axe, page).await?;
        Ok(Seen {
            texts: texts.texts,
            elements: axe.texts,
            findings: [texts.findings, axe.findings].concat(),
        })
    }

    async fn prove(&self, page: &Page) -> Result<()> {
        let key = self
            .keys
            .first()
            .ok_or_else(|| Failure::Unmet("the locale files name no messages".into()))?;
        page.ask(PLANT, vec![json!(key)]).await?;
        let seen = self.judge(page).await?;
        page.ask(UPROOT, vec![]).await?;
        for kind in [
            "clipped: «planted clipped",
            "on each other: «planted words",
            "raw message",
            "color-contrast",
            "image-alt",
        ] {
            ensure(
                seen.findings.iter().any(|finding| finding.contains(kind)),
                format!(
                    "a planted defect was not found: {kind}, only {:?}",
                    seen.findings
                ),
            )?;
        }
        Ok(())
    }
}

/// Fails unless a page of the portal is without serious findings.
pub async fn check_accessibility(page: &Page) -> Result<()> {
    let seen = run_axe(&axe()?, page).await?;
    ensure(
        seen.texts > 0 && seen.findings.is_empty(),
        format!("not accessible: {:?}", seen.findings),
    )
}

async fn run_axe(axe: &str, page: &Page) -> Result<Answer> {
    let there = page.ask("return 'axe' in window", vec![]).await?;
    if there.as_bool() != Some(true) {
        page.ask(axe, vec![]).await?;
    }
    answer(page.ask_later(RUN_AXE, vec![]).await?)
}

fn answer(value: Value) -> Result<Answer> {
    Ok(serde_json::from_value(value)?)
}

/// `key = words` at the beginning of a line; keys without a hyphen could be words.
fn message_keys() -> Result<Vec<String>> {
    let path = repository().join("frontend/locales/ru.ftl");
    let text = fs::read_to_string(&path).map_err(|source| Failure::File { path, source })?;
    Ok(text
        .lines()
        .filter_map(|line| line.split_once(" ="))
        .map(|(key, _)| key)
        .filter(|key| key.contains('-') && !key.contains(char::is_whitespace))
        .map(ToOwned::to_owned)
        .collect())
}

//! `/desk/activity`: what of the sign-ins is worth a look, for those who run the portal.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{OwnPage, error::PageError, own_page::Owner, protection::frame};
use crate::{
    clock::moscow,
    pages::{self, ActivityPage, CountRow, FindingRow, Texts},
    portal::{AppState, Portal},
    store::Operator,
    watch::{Counts, Finding, KNOWN, Rule, watch},
};

pub(super) async fn show(State(portal): State<AppState>, headers: HeaderMap) -> Response {
    find(&portal, &headers)
        .await
        .unwrap_or_else(|error| error.show(&portal, &headers))
}

async fn find(portal: &Portal, headers: &HeaderMap) -> Result<Response, PageError> {
    let owner = Owner::find(portal, headers, OwnPage::Activity).await?;
    let now = portal.clock.now();
    let watcher = Operator {
        person: owner.person,
        now,
    };
    let entries = portal.store.watch_journal(watcher, now - KNOWN).await?;
    // There is one reason to refuse.
    let entries = entries.map_err(|_| PageError::NotEmpowered)?;
    let found = watch(&entries, now);
    let frame = frame(portal, headers);
    let page = ActivityPage {
        frame,
        counts: counts(frame.t, found.counts),
        findings: found
            .findings
            .iter()
            .map(|finding| row(frame.t, finding))
            .collect(),
        rules: Rule::ALL.map(|rule| words(frame.t, rule).1).into(),
    };
    Ok(pages::show(StatusCode::OK, &page))
}

fn counts(t: &Texts, counts: Counts) -> Vec<CountRow<'_>> {
    let rows = [
        (&t.count_signed_in, counts.signed_in),
        (&t.count_new_devices, counts.new_devices),
        (&t.count_passwords_refused, counts.passwords_refused),
        (&t.count_factors_refused, counts.factors_refused),
        (&t.count_turned_away, counts.turned_away),
        (&t.count_locked, counts.locked),
        (&t.count_recovered, counts.recovered),
    ];
    rows.into_iter()
        .map(|(label, count)| CountRow { label, count })
        .collect()
}

fn row<'a>(t: &'a Texts, finding: &Finding) -> FindingRow<'a> {
    let at = format!("{} {}", moscow(finding.at), t.moscow_time);
    let person = finding.person.as_ref().map(ToString::to_string);
    let address = finding.address.map(|address| address.to_string());
    let about: Vec<String> = [Some(at)]
        .into_iter()
        .chain([person, address])
        .flatten()
        .collect();
    FindingRow {
        title: words(t, finding.rule).0,
        about: about.join(", "),
    }
}

/// The rule's name, and what it says.
fn words(t: &Texts, rule: Rule) -> (&str, &str) {
    match rule {
        Rule::Locked => (&t.rule_locked, &t.rule_locked_text),
        Rule::Copied => (&t.rule_copied, &t.rule_copied_text),
        Rule::ManyAccounts => (&t.rule_many_accounts, &t.rule_many_accounts_text),
        Rule::ManySignIns => (&t.rule_many_sign_ins, &t.rule_many_sign_ins_text),
        Rule::NewPlace => (&t.rule_new_place, &t.rule_new_place_text),
        Rule::NewHour => (&t.rule_new_hour, &t.rule_new_hour_text),
        Rule::RecoveredElsewhere => (&t.rule_recovered, &t.rule_recovered_text),
        Rule::ManyOpened => (&t.rule_many_opened, &t.rule_many_opened_text),
    }
}

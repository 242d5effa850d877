//! What a person is told of their account, besides what they see.

use jiff::{Timestamp, ToSpan};
use uc_portal_api::PersonProfile;

use super::DeviceName;
use crate::{
    clock::moscow,
    pages::Language,
    portal::Portal,
    proofing::Decision,
    senders::{Letter, NewMessage, Purpose, Recipient},
    store::OpenedProof,
};

/// News of a sign-in are worth sending that long.
const NEWS_HOURS: i64 = 24;

/// Tells a person of a sign-in in a new browser, by e-mail or else by SMS; nobody who has neither.
#[must_use]
pub fn of_new_device(
    portal: &Portal,
    language: Language,
    profile: &PersonProfile,
    device: &DeviceName,
    now: Timestamp,
) -> Option<NewMessage> {
    let t = portal.pages.frame(language).t;
    let (subject, body) = (&t.letter_new_device_subject, &t.letter_new_device_body);
    let body = body.replace("{device}", device.as_str());
    tell(portal, profile, Purpose::NewDevice, (subject, &body), now)
}

/// Tells a person that sessions of theirs were ended.
#[must_use]
pub fn of_ended_sessions(
    portal: &Portal,
    language: Language,
    profile: &PersonProfile,
    now: Timestamp,
) -> Option<NewMessage> {
    let t = portal.pages.frame(language).t;
    let words = (&*t.letter_sessions_subject, &*t.letter_sessions_body);
    tell(portal, profile, Purpose::SessionsEnded, words, now)
}

/// Tells a person that their password was replaced, by every way that there is: one of them may be a thief's.
#[must_use]
pub fn of_recovered_password(
    portal: &Portal,
    language: Language,
    profile: &PersonProfile,
    now: Timestamp,
) -> Vec<NewMessage> {
    let t = portal.pages.frame(language).t;
    let words = (&*t.letter_recovered_subject, &*t.letter_recovered_body);
    tell_everywhere(portal, profile, Purpose::PasswordRecovered, words, now)
}

/// Tells a person that another e-mail address became their account's, by every way that there was before.
#[must_use]
pub fn of_new_email(
    portal: &Portal,
    language: Language,
    profile: &PersonProfile,
    now: Timestamp,
) -> Vec<NewMessage> {
    let t = portal.pages.frame(language).t;
    let words = (&*t.letter_email_subject, &*t.letter_email_body);
    tell_everywhere(portal, profile, Purpose::EmailReplaced, words, now)
}

fn tell_everywhere(
    portal: &Portal,
    profile: &PersonProfile,
    purpose: Purpose,
    words: (&str, &str),
    now: Timestamp,
) -> Vec<NewMessage> {
    let phone = profile.phone.clone().map(Recipient::Sms);
    let email = profile.email.clone().map(Recipient::Email);
    let ways = phone.into_iter().chain(email);
    ways.map(|to| letter(portal, profile, purpose, to, words, now))
        .collect()
}

/// Tells a person what was decided on their documents, in the language in which they sent them.
#[must_use]
pub fn of_decision(
    portal: &Portal,
    opened: &OpenedProof,
    decision: &Decision,
    now: Timestamp,
) -> Option<NewMessage> {
    let t = portal.pages.frame(opened.language).t;
    let words = match decision {
        Decision::Confirm => (&*t.letter_confirmed_subject, &*t.letter_confirmed_body),
        Decision::Return { .. } => (&*t.letter_returned_subject, &*t.letter_returned_body),
    };
    tell(
        portal,
        &opened.profile,
        Purpose::DocumentsChecked,
        words,
        now,
    )
}

fn tell(
    portal: &Portal,
    profile: &PersonProfile,
    purpose: Purpose,
    words: (&str, &str),
    now: Timestamp,
) -> Option<NewMessage> {
    let email = profile.email.clone().map(Recipient::Email);
    let to = email.or_else(|| profile.phone.clone().map(Recipient::Sms))?;
    Some(letter(portal, profile, purpose, to, words, now))
}

fn letter(
    portal: &Portal,
    profile: &PersonProfile,
    purpose: Purpose,
    to: Recipient,
    (subject, body): (&str, &str),
    now: Timestamp,
) -> NewMessage {
    let time = moscow(now);
    NewMessage {
        id: portal.entropy.uuid(now),
        person: Some(profile.id.clone()),
        purpose,
        letter: Letter {
            to,
            subject: subject.to_owned(),
            body: body.replace("{time}", &time),
        },
        created_at: now,
        expires_at: now.checked_add(NEWS_HOURS.hours()).unwrap_or(now),
    }
}

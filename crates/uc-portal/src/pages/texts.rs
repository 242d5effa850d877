//! Words of the pages, from `locales/`.

use std::collections::BTreeMap;

use serde::{Deserialize, de::Error as _};

use super::{Frame, Language};
use crate::oidc::ScopeToken;

macro_rules! texts {
    ($($name:ident)+) => {
        /// All words of the pages in one language. A missing or surplus one does not read.
        #[derive(Debug, Clone, Default)]
        pub struct Texts {
            $(pub(crate) $name: String,)+
            pub(crate) scopes: ScopeTexts,
        }

        impl Texts {
            /// Not by serde: a field after the other, none of which ends the reading, is what a compiler gets through
            /// with hundreds of them.
            fn fill(&mut self, words: &mut Words) {
                $(self.$name = words.take(stringify!($name));)+
            }
        }
    };
}

texts! {
    product disclaimer
    sign_in_title sign_in_lead login_label login_hint password_label sign_in_button sign_in_failed sign_in_too_many error_heading
    provider_button provider_no_answer provider_declined provider_refused provider_untrusted
    link_title link_lead link_lead_unnamed link_button link_forget
    code_title code_lead code_label code_hint code_button code_wrong code_too_many code_tries_over code_other_person
    code_sent_lead code_sent_label code_again_button code_send_button
    sent_code_title sent_code_label sent_code_hint sent_code_wrong sent_code_ended sent_code_too_many
    phone_label phone_hint phone_wrong
    registration_link registration_title registration_phone_lead registration_have registration_code_lead registration_other_phone
    registration_step_phone registration_step_code registration_step_account
    account_title account_lead account_button
    last_name_label last_name_wrong first_name_label first_name_wrong middle_name_label middle_name_hint middle_name_wrong
    birth_date_label birth_date_hint birth_date_wrong
    new_password_label new_password_again new_password_hint new_password_short new_password_long new_password_common new_password_differs
    agree_terms agree_privacy agree_terms_missing agree_privacy_missing agreement_edition terms_title terms_text privacy_title privacy_text
    registered_title registered_text
    recovery_link recovery_title recovery_lead recovery_back recovery_code_lead recovery_again
    recovered_lead recovery_password_title recovery_password_lead recovery_password_button
    protection_title protection_lead protection_link protection_back protection_password
    email_title email_lead email_label email_wrong email_code_label email_code_lead email_none email_change
    letter_email_subject letter_email_body letter_email_taken_body
    passkeys_title passkeys_lead passkeys_count passkeys_none passkeys_open passkey_added passkey_remove passkey_add_title
    passkey_name passkey_name_hint passkey_add passkey_no_answer passkey_no_script passkey_no_name passkey_lead passkey_show
    passkey_code_label passkey_code_hint
    app_title app_on app_off app_add app_add_title app_add_lead app_qr app_secret app_first_code app_first_code_wrong app_add_button
    app_remove app_remove_title app_remove_lead app_remove_button password_wrong
    access_title access_lead access_text access_open access_none access_end
    links_title links_lead links_remove links_remove_title links_remove_lead links_remove_button
    codes_title codes_left codes_make codes_make_title codes_make_lead codes_make_button codes_shown
    consent_title consent_lead consent_lead_site consent_warning consent_warning_site consent_person
    consent_lead_device consent_warning_device
    device_title device_lead device_label device_hint device_button device_unknown device_too_many
    device_allowed_title device_allowed_lead device_refused_title device_refused_lead
    allow_button deny_button switch_button
    sign_out_title sign_out_lead sign_out_button signed_out_title signed_out_lead
    moscow_time letter_new_device_subject letter_new_device_body letter_sessions_subject letter_sessions_body
    letter_code_subject letter_code_body letter_registered_body letter_recovered_subject letter_recovered_body
    mailbox_title mailbox_lead mailbox_empty mailbox_sms mailbox_email
    problem_title problem_expired problem_request problem_signed_out_title problem_signed_out problem_unavailable
    problem_unread problem_not_empowered problem_one_factor documents_title documents_lead documents_back documents_done
    documents_reason documents_send documents_begin documents_go_on documents_ready documents_waiting
    documents_confirmed documents_returned level_label level_simplified level_standard level_confirmed papers_title
    papers_lead papers_button passport_label passport_hint passport_wrong issued_on_label issued_on_hint
    issued_on_wrong issued_on_not_then issued_on_expired issued_by_label issued_by_wrong division_code_label
    division_code_hint division_code_wrong snils_label snils_hint snils_wrong inn_label inn_hint inn_wrong
    digits_wrong scans_title scans_lead scans_button scan_main scan_registration scan_there scan_missing scan_kind
    scan_damaged scan_large scan_room desk_title desk_lead desk_empty desk_row desk_back proof_title proof_lead
    proof_name proof_confirm proof_reason proof_reason_hint proof_reason_missing proof_return proof_taken proof_gone
    proof_own letter_confirmed_subject letter_confirmed_body letter_returned_subject letter_returned_body
    activity_title activity_lead activity_findings activity_nothing activity_counts activity_rules count_signed_in
    count_new_devices count_passwords_refused count_factors_refused count_turned_away count_locked count_recovered
    rule_locked rule_locked_text rule_copied rule_copied_text rule_many_accounts rule_many_accounts_text
    rule_many_sign_ins rule_many_sign_ins_text rule_new_place rule_new_place_text rule_new_hour rule_new_hour_text
    rule_recovered rule_recovered_text rule_many_opened rule_many_opened_text
}

/// A locale file, as it is read.
#[derive(Deserialize)]
struct Words {
    scopes: ScopeTexts,
    #[serde(flatten)]
    by_name: BTreeMap<String, String>,
    #[serde(skip)]
    missing: Vec<&'static str>,
}

impl Words {
    fn take(&mut self, name: &'static str) -> String {
        let text = self.by_name.remove(name);
        if text.is_none() {
            self.missing.push(name);
        }
        text.unwrap_or_default()
    }
}

impl Texts {
    fn read(locale: &str) -> Result<Self, toml::de::Error> {
        let mut words: Words = toml::from_str(locale)?;
        let mut texts = Self::default();
        texts.fill(&mut words);
        if words.missing.is_empty() && words.by_name.is_empty() {
            texts.scopes = words.scopes;
            return Ok(texts);
        }
        let surplus: Vec<&String> = words.by_name.keys().collect();
        Err(toml::de::Error::custom(format!(
            "missing: {:?}, surplus: {surplus:?}",
            words.missing
        )))
    }
}

/// What each part of a scope means to a person.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScopeTexts {
    openid: String,
    profile: String,
    email: String,
    phone: String,
    offline_access: String,
    applications: String,
    sessions: String,
    notify: String,
}

impl ScopeTexts {
    pub(crate) fn of(&self, token: ScopeToken) -> &str {
        match token {
            ScopeToken::Openid => &self.openid,
            ScopeToken::Profile => &self.profile,
            ScopeToken::Email => &self.email,
            ScopeToken::Phone => &self.phone,
            ScopeToken::OfflineAccess => &self.offline_access,
            ScopeToken::Applications => &self.applications,
            ScopeToken::Sessions => &self.sessions,
            ScopeToken::Notify => &self.notify,
        }
    }
}

/// The words of the pages in all languages.
#[derive(Debug, Clone)]
pub struct Pages {
    ru: Texts,
    en: Texts,
}

impl Pages {
    /// Reads the embedded locale files.
    pub fn load() -> Result<Self, toml::de::Error> {
        Ok(Self {
            ru: Texts::read(include_str!("../../locales/ru.toml"))?,
            en: Texts::read(include_str!("../../locales/en.toml"))?,
        })
    }

    /// The frame of a page in this language.
    pub(crate) const fn frame(&self, language: Language) -> Frame<'_> {
        let t = match language {
            Language::Ru => &self.ru,
            Language::En => &self.en,
        };
        Frame { language, t }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_locales_are_complete() {
        super::Pages::load().unwrap();
    }

    #[test]
    fn a_missing_and_a_surplus_word_do_not_read() {
        let locale = include_str!("../../locales/en.toml");
        let spoilt = locale.replacen("product =", "produkt =", 1);
        assert_ne!(spoilt, locale);
        let error = super::Texts::read(&spoilt).unwrap_err().to_string();
        assert!(
            error.contains("[\"product\"]") && error.contains("[\"produkt\"]"),
            "{error}"
        );
    }
}

//! Forms as persons complete them.

use serde_json::json;
use uc_ipc::ApplicationForm;
use uc_model::Answers;

/// The service whose form [`completed_certificate`] completes.
pub const CERTIFICATE: &str = "criminal-record-certificate";

/// The form of [`CERTIFICATE`] as a person completes it: the rest comes from the profile.
#[must_use]
pub fn completed_certificate(form: &ApplicationForm) -> Answers {
    let mut answers = form.answers.clone();
    for (property, answer) in [
        ("result_form", json!("electronic")),
        ("residence_regions", json!("Москва")),
        ("name_changed", json!(false)),
        ("birth_place", json!("г. Тула")),
        ("consent", json!(true)),
    ] {
        answers.insert(property.to_owned(), answer);
    }
    answers
}

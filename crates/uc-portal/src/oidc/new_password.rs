//! The two fields of a new password.

use uc_model::SecretString;

use super::params::Params;
use crate::{
    accounts::{WeakPassword, judge_password},
    pages::{Field, FieldKind, Frame},
};

/// Why what was typed does not serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Weak(WeakPassword),
    /// The second time it was another.
    Differs,
}

/// A new password as it was typed, twice.
pub(super) struct NewPassword;

impl NewPassword {
    /// Reads it. `known` is what it must not be made of.
    pub(super) fn read(params: &Params, known: &[&str]) -> Result<SecretString, Fault> {
        let password: SecretString = params.owned("password").unwrap_or_default().into();
        judge_password(&password, known).map_err(Fault::Weak)?;
        if params.find("password_again") == Some(password.expose()) {
            Ok(password)
        } else {
            Err(Fault::Differs)
        }
    }
}

/// The fields.
pub(super) fn fields(frame: Frame<'_>, fault: Option<Fault>) -> [Field<'_>; 2] {
    let t = frame.t;
    let (first, again) = match fault {
        None => (None, None),
        Some(Fault::Differs) => (None, Some(&t.new_password_differs)),
        Some(Fault::Weak(WeakPassword::Short)) => (Some(&t.new_password_short), None),
        Some(Fault::Weak(WeakPassword::Long)) => (Some(&t.new_password_long), None),
        Some(Fault::Weak(WeakPassword::Common)) => (Some(&t.new_password_common), None),
    };
    [
        Field {
            hint: Some(&t.new_password_hint),
            fault: first.cloned(),
            ..Field::new("password", FieldKind::NewPassword, &t.new_password_label)
        },
        Field {
            fault: again.cloned(),
            ..Field::new(
                "password_again",
                FieldKind::NewPassword,
                &t.new_password_again,
            )
        },
    ]
}

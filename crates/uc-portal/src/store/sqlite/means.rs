//! Columns `factor` and `trust`: how a person signed in.

use super::StoreError;
use crate::accounts::{Factor, FirstStep, Means, Trust};

/// The two columns.
pub(super) type MeansRow = (Option<String>, Option<String>);

/// What was shown second, for its column.
pub(super) fn factor(means: Means) -> Option<&'static str> {
    means.factor.map(Factor::as_str)
}

/// What was shown first, for its column: nothing for a password.
pub(super) const fn trust(first: FirstStep) -> Option<&'static str> {
    match first {
        FirstStep::Password => None,
        FirstStep::Elsewhere(trust) => Some(trust.as_str()),
    }
}

/// What was shown, from the columns.
pub(super) fn read((factor, trust): MeansRow) -> Result<Means, StoreError> {
    let factor = factor
        .map(|text| Factor::read(&text).ok_or(StoreError::Malformed("factor")))
        .transpose()?;
    Ok(Means {
        first: first(trust)?,
        factor,
    })
}

/// What was shown first, from its column.
pub(super) fn first(trust: Option<String>) -> Result<FirstStep, StoreError> {
    match trust {
        None => Ok(FirstStep::Password),
        Some(text) => Trust::read(&text)
            .map(FirstStep::Elsewhere)
            .ok_or(StoreError::Malformed("trust")),
    }
}

//! Parameters of a request, each at most once (RFC 6749 §3.1).

use std::collections::BTreeMap;

use url::form_urlencoded;

/// A parameter came twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a parameter is repeated")]
pub(super) struct Repeated;

/// Parameters by name. Those without a value are absent (RFC 6749 §3.1).
pub(super) struct Params(BTreeMap<String, String>);

impl Params {
    /// Reads a query or a form.
    pub(super) fn parse(text: &[u8]) -> Result<Self, Repeated> {
        let mut params = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(text) {
            if params
                .insert(name.into_owned(), value.into_owned())
                .is_some()
            {
                return Err(Repeated);
            }
        }
        params.retain(|_, value| !value.is_empty());
        Ok(Self(params))
    }

    /// A parameter's value.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The same, to keep.
    pub(super) fn owned(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

//! What a client may do.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

macro_rules! scope_tokens {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        /// One thing that a client may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ScopeToken {
            $($(#[$doc])* $name,)+
        }

        impl ScopeToken {
            /// All, in their usual order.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

scope_tokens! {
    /// Sign-in itself.
    Openid = "openid";
    /// Names, day of birth, documents.
    Profile = "profile";
    /// The e-mail address.
    Email = "email";
    /// The phone number.
    Phone = "phone";
    /// Staying signed in.
    OfflineAccess = "offline_access";
    /// Sending and reading applications.
    Applications = "applications";
    /// Seeing where the person is signed in, and ending it.
    Sessions = "sessions";
    /// Knowing how much is new while the client is locked.
    Notify = "notify";
}

/// What a client may do, or asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Scope(BTreeSet<ScopeToken>);

impl Scope {
    /// Reads a scope; what is not known is left out (OpenID Connect Core §3.1.2.1).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let known = |word: &str| {
            let mut all = ScopeToken::ALL.iter().copied();
            all.find(|token| token.as_str() == word)
        };
        Self(text.split(' ').filter_map(known).collect())
    }

    /// Whether it covers this.
    #[must_use]
    pub fn contains(&self, token: ScopeToken) -> bool {
        self.0.contains(&token)
    }

    /// Whether the client may stay signed in.
    #[must_use]
    pub fn offline_access(&self) -> bool {
        self.contains(ScopeToken::OfflineAccess)
    }

    /// Its parts.
    pub fn iter(&self) -> impl Iterator<Item = ScopeToken> {
        self.0.iter().copied()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, token) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            f.write_str(token.as_str())?;
        }
        Ok(())
    }
}

impl From<String> for Scope {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_parts_are_left_out() {
        let scope = Scope::parse("applications openid admin  openid");
        assert_eq!(scope.to_string(), "openid applications");
        assert!(!scope.offline_access());
    }
}

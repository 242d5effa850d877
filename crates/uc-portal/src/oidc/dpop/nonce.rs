//! The portal's nonces for proofs (RFC 9449 §8, §9): each holds for five to ten minutes, so that a client that renews its
//! access token when it ends seldom asks twice.
//!
//! Derived from a key that is kept, and from the time: nothing else is remembered, and a restart breaks none.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use jiff::Timestamp;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::{
    entropy::Entropy,
    oidc::kept_key::{self, KeptKey},
    store::{SettingStore, StoreError},
};

const SETTING: &str = "dpop_nonce_key";
const PERIOD_SECONDS: i64 = 300;

/// Whether a proof must hold a nonce of the portal's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoncePolicy {
    /// It must: nobody can make proofs ahead of their time.
    Demanded,
    /// It may.
    Offered,
}

/// The nonces of a portal.
pub struct Nonces {
    key: KeptKey,
    policy: NoncePolicy,
}

impl Nonces {
    /// Reads their key; makes it at the first start.
    pub async fn load<S: SettingStore + ?Sized>(
        store: &S,
        entropy: &Entropy,
        policy: NoncePolicy,
    ) -> Result<Self, StoreError> {
        let key = kept_key::load(store, entropy, SETTING).await?;
        Ok(Self { key, policy })
    }

    /// The one to use now.
    #[must_use]
    pub fn current(&self, now: Timestamp) -> String {
        self.of_period(now.as_second().div_euclid(PERIOD_SECONDS))
    }

    /// Whether a proof with this nonce, or with none, is taken.
    #[must_use]
    pub fn accept(&self, nonce: Option<&str>, now: Timestamp) -> bool {
        let Some(nonce) = nonce else {
            return self.policy == NoncePolicy::Offered;
        };
        let period = now.as_second().div_euclid(PERIOD_SECONDS);
        let is_of = |period| self.of_period(period).as_bytes().ct_eq(nonce.as_bytes());
        (is_of(period) | is_of(period - 1)).into()
    }

    fn of_period(&self, period: i64) -> String {
        let mut nonce = [0; 16];
        Hkdf::<Sha256>::new(Some(b"dpop-nonce/v1"), self.key.expose())
            .expand(&period.to_be_bytes(), &mut nonce)
            .expect("16 bytes are fewer than HKDF gives");
        URL_SAFE_NO_PAD.encode(nonce)
    }
}

impl fmt::Debug for Nonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Nonces").field(&self.policy).finish()
    }
}

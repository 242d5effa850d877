//! The keys that sign ID tokens: ES256, kept in the encrypted store, published by their public halves.

use std::{fmt, sync::Arc};

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash},
};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use serde::{Serialize, de::DeserializeOwned};
use uc_model::Secret;

use crate::{
    clock::PortalClock,
    store::{SettingStore, StoreError, StoredKey},
};

/// Why there is no key, or no signature.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A key cannot be made.
    #[error("cannot make a signing key")]
    Generate(#[from] rcgen::Error),
    /// A key does not sign or verify.
    #[error("cannot use a signing key")]
    Use(#[from] jsonwebtoken::errors::Error),
    /// The keys cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The signing keys. The newest signs, all verify.
#[derive(Clone)]
pub struct SigningKeys(Arc<Inner>);

struct Inner {
    kid: String,
    signing: EncodingKey,
    public: JwkSet,
}

impl SigningKeys {
    /// Reads them; makes the first.
    pub async fn load<S: SettingStore + ?Sized>(
        store: &S,
        clock: &dyn PortalClock,
    ) -> Result<Self, KeyError> {
        let mut keys = store.list_signing_keys().await?;
        if keys.is_empty() {
            let key = generate(clock)?;
            store.insert_signing_key(key.clone()).await?;
            keys.push(key);
        }
        let newest = &keys[0];
        let public = keys.iter().map(public_key).collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Inner {
            kid: newest.kid.clone(),
            signing: EncodingKey::from_ec_der(newest.pkcs8.expose()),
            public: JwkSet { keys: public },
        })))
    }

    /// The JWKS.
    #[must_use]
    pub fn public(&self) -> &JwkSet {
        &self.0.public
    }

    /// Signs claims as a JWT.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, KeyError> {
        let header = Header {
            kid: Some(self.0.kid.clone()),
            ..Header::new(Algorithm::ES256)
        };
        Ok(jsonwebtoken::encode(&header, claims, &self.0.signing)?)
    }

    /// The claims of a JWT of ours, whether expired or not; `None` when it is not ours.
    #[must_use]
    pub fn read<C: DeserializeOwned>(&self, token: &str) -> Option<C> {
        let kid = jsonwebtoken::decode_header(token).ok()?.kid?;
        let key = DecodingKey::from_jwk(self.0.public.find(&kid)?).ok()?;
        let mut validation = Validation::new(Algorithm::ES256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.set_required_spec_claims::<&str>(&[]);
        Some(jsonwebtoken::decode(token, &key, &validation).ok()?.claims)
    }
}

fn generate(clock: &dyn PortalClock) -> Result<StoredKey, KeyError> {
    let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let pkcs8 = pair.serialize_der();
    let jwk = Jwk::from_encoding_key(&EncodingKey::from_ec_der(&pkcs8), Algorithm::ES256)?;
    Ok(StoredKey {
        kid: jwk.thumbprint(ThumbprintHash::SHA256)?,
        pkcs8: Secret::new(pkcs8),
        created_at: clock.now(),
    })
}

fn public_key(key: &StoredKey) -> Result<Jwk, KeyError> {
    let signing = EncodingKey::from_ec_der(key.pkcs8.expose());
    let mut jwk = Jwk::from_encoding_key(&signing, Algorithm::ES256)?;
    jwk.common.key_id = Some(key.kid.clone());
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    Ok(jwk)
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKeys").field(&self.0.kid).finish()
    }
}

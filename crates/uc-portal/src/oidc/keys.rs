//! The keys that sign ID tokens: ES256, kept in the encrypted store, published by their public halves.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash},
};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
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
    /// A key does not read, or cannot be published.
    #[error("cannot use a signing key")]
    Use(#[from] jsonwebtoken::errors::Error),
    /// A stored key is none.
    #[error("a signing key is malformed")]
    Malformed,
    /// There is no signature.
    #[error("cannot sign")]
    Sign,
    /// What is to be signed has no JSON.
    #[error("cannot write what is to be signed")]
    Claims(#[from] serde_json::Error),
    /// The keys cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A key signs from that long after it was published, so that nobody meets a signature of a key that they have not
/// fetched.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// The next key is made when the newest is that old.
const RENEWAL: SignedDuration = SignedDuration::from_hours(24 * 90);
/// What an old key signed can be verified that long after another signs: as long as a grant lasts, whose ID token may
/// come back as a hint.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 180);

/// The signing keys: one signs, all verify. Their ages alone say which does what, so a restart changes nothing.
pub struct SigningKeys {
    ring: RwLock<Arc<Ring>>,
    /// Held while a key is made, so that of many askers one makes it.
    making: tokio::sync::Mutex<()>,
}

impl SigningKeys {
    /// Reads them; makes the first.
    pub async fn load<S: SettingStore + ?Sized>(
        store: &S,
        clock: &dyn PortalClock,
    ) -> Result<Self, KeyError> {
        let kept = store.list_signing_keys().await?;
        let ring = if let Some(ring) = Ring::read(&kept)? {
            ring
        } else {
            let first = generate(clock.now())?;
            store.insert_signing_key(first.clone()).await?;
            Ring::of(SigningKey::read(&first)?)
        };
        Ok(Self {
            ring: RwLock::new(Arc::new(ring)),
            making: tokio::sync::Mutex::new(()),
        })
    }

    /// Makes the next key when its time has come, and forgets those that nobody needs.
    pub async fn tend<S: SettingStore + ?Sized>(
        &self,
        store: &S,
        now: Timestamp,
    ) -> Result<(), KeyError> {
        if !self.ring().is_due(now) {
            return Ok(());
        }
        let _making = self.making.lock().await;
        let ring = self.ring();
        if !ring.is_due(now) {
            return Ok(());
        }
        let next = generate(now)?;
        store.insert_signing_key(next.clone()).await?;
        let (kept, outlived) = ring.with(SigningKey::read(&next)?).split_outlived(now);
        for kid in outlived {
            store.delete_signing_key(kid).await?;
        }
        tracing::info!(kid = next.kid, "a signing key was made");
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(kept);
        Ok(())
    }

    /// The JWKS.
    #[must_use]
    pub fn public(&self) -> JwkSet {
        let ring = self.ring();
        let keys = ring.newest_first().map(|key| key.public.clone());
        JwkSet {
            keys: keys.collect(),
        }
    }

    /// Signs claims as a JWT.
    pub fn sign(&self, claims: &impl Serialize, now: Timestamp) -> Result<String, KeyError> {
        self.sign_as("JWT", claims, now)
    }

    /// Signs claims as a JWT of an explicit type (RFC 8725 §3.11).
    pub fn sign_as(
        &self,
        kind: &str,
        claims: &impl Serialize,
        now: Timestamp,
    ) -> Result<String, KeyError> {
        let ring = self.ring();
        let key = ring.signer(now);
        let header = Header {
            typ: Some(kind.to_owned()),
            kid: Some(key.kid.clone()),
            ..Header::new(Algorithm::ES256)
        };
        let message = format!("{}.{}", part(&header)?, part(claims)?);
        let signature = key.signing.sign(&SystemRandom::new(), message.as_bytes());
        let signature = signature.map_err(|_| KeyError::Sign)?;
        Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The claims of a JWT of ours, whether expired or not; `None` when it is not ours.
    #[must_use]
    pub fn read<C: DeserializeOwned>(&self, token: &str) -> Option<C> {
        let kid = jsonwebtoken::decode_header(token).ok()?.kid?;
        let ring = self.ring();
        let key = ring.newest_first().find(|key| key.kid == kid)?;
        let key = DecodingKey::from_jwk(&key.public).ok()?;
        let mut validation = Validation::new(Algorithm::ES256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.set_required_spec_claims::<&str>(&[]);
        Some(jsonwebtoken::decode(token, &key, &validation).ok()?.claims)
    }

    fn ring(&self) -> Arc<Ring> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&ring)
    }
}

/// A part of a JWT.
fn part(json: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(json)?))
}

#[derive(Clone)]
struct SigningKey {
    kid: String,
    /// Of the TLS provider, which signs in a tenth of the time; every signature takes chance of its own.
    signing: Arc<EcdsaKeyPair>,
    public: Jwk,
    created_at: Timestamp,
}

impl SigningKey {
    fn read(key: &StoredKey) -> Result<Self, KeyError> {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let signing = EcdsaKeyPair::from_pkcs8(algorithm, key.pkcs8.expose(), &SystemRandom::new());
        Ok(Self {
            kid: key.kid.clone(),
            signing: Arc::new(signing.map_err(|_| KeyError::Malformed)?),
            public: public_key(key)?,
            created_at: key.created_at,
        })
    }

    fn age(&self, now: Timestamp) -> SignedDuration {
        now.duration_since(self.created_at)
    }
}

/// The keys by age.
struct Ring {
    oldest: SigningKey,
    /// The others, oldest first.
    later: Vec<SigningKey>,
}

impl Ring {
    const fn of(key: SigningKey) -> Self {
        Self {
            oldest: key,
            later: Vec::new(),
        }
    }

    /// `None` when there is no key. They come newest first.
    fn read(keys: &[StoredKey]) -> Result<Option<Self>, KeyError> {
        let mut keys = keys.iter().rev().map(SigningKey::read);
        let Some(oldest) = keys.next().transpose()? else {
            return Ok(None);
        };
        let later = keys.collect::<Result<_, _>>()?;
        Ok(Some(Self { oldest, later }))
    }

    fn newest_first(&self) -> impl Iterator<Item = &SigningKey> {
        self.later.iter().rev().chain([&self.oldest])
    }

    fn newest(&self) -> &SigningKey {
        self.later.last().unwrap_or(&self.oldest)
    }

    fn is_due(&self, now: Timestamp) -> bool {
        self.newest().age(now) >= RENEWAL
    }

    /// The newest that was published long enough; a portal's first key signs at once.
    fn signer(&self, now: Timestamp) -> &SigningKey {
        self.later
            .iter()
            .rfind(|key| key.age(now) >= AHEAD)
            .unwrap_or(&self.oldest)
    }

    fn with(&self, newest: SigningKey) -> Self {
        let mut later = self.later.clone();
        later.push(newest);
        Self {
            oldest: self.oldest.clone(),
            later,
        }
    }

    /// The ring without the keys whose successor has signed long enough, and the names of those.
    fn split_outlived(mut self, now: Timestamp) -> (Self, Vec<String>) {
        let mut outlived = Vec::new();
        while let Some(successor) = self.later.first()
            && successor.age(now) >= AHEAD + KEPT
        {
            let old = std::mem::replace(&mut self.oldest, self.later.remove(0));
            outlived.push(old.kid);
        }
        (self, outlived)
    }
}

fn generate(created_at: Timestamp) -> Result<StoredKey, KeyError> {
    let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let pkcs8 = pair.serialize_der();
    let jwk = Jwk::from_encoding_key(&EncodingKey::from_ec_der(&pkcs8), Algorithm::ES256)?;
    Ok(StoredKey {
        kid: jwk.thumbprint(ThumbprintHash::SHA256)?,
        pkcs8: Secret::new(pkcs8),
        created_at,
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
        let kids: Vec<String> = self
            .ring()
            .newest_first()
            .map(|key| key.kid.clone())
            .collect();
        f.debug_tuple("SigningKeys").field(&kids).finish()
    }
}

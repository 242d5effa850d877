//! Password hashes: Argon2id with 19 MiB, two passes, one lane.

use std::{fmt, sync::Arc};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};
use tokio::{sync::Semaphore, task};
use uc_model::SecretString;

use crate::entropy::Entropy;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes at once, so that sign-ins cannot exhaust memory.
const AT_ONCE: usize = 2;

/// Longest password that is looked at, in bytes.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The stored hash or the parameters do not serve.
    #[error("the password hash is malformed")]
    Malformed(#[from] argon2::password_hash::Error),
    /// The work did not end.
    #[error("the hashing was cut off")]
    CutOff,
}

/// Hashes and compares passwords, a bounded number at once.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// Compared with where there is no account, so that there is as much work as with one.
    decoy: SecretString,
}

impl Passwords {
    /// Makes the decoy.
    pub fn new(entropy: &Entropy) -> Result<Self, PasswordError> {
        Ok(Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            decoy: hash(entropy.token().expose(), &entropy.bytes())?,
        })
    }

    /// The PHC string of a password.
    pub async fn hash(
        &self,
        password: SecretString,
        entropy: &Entropy,
    ) -> Result<SecretString, PasswordError> {
        let salt: [u8; 16] = entropy.bytes();
        self.work(move || hash(password.expose(), &salt)).await?
    }

    /// Whether the password belongs to the hash; `None` takes as long and is never right.
    pub async fn verify(
        &self,
        password: SecretString,
        hash: Option<SecretString>,
    ) -> Result<bool, PasswordError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.clone());
        let matches = self
            .work(move || verify(password.expose(), hash.expose()))
            .await??;
        Ok(known && matches)
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| PasswordError::CutOff)?;
        task::spawn_blocking(move || {
            // Held by the work, not by the waiter: a waiter that goes leaves the work running.
            let _permit = permit;
            work()
        })
        .await
        .map_err(|_| PasswordError::CutOff)
    }
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(argon2::password_hash::Error::from)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str, salt: &[u8; 16]) -> Result<SecretString, PasswordError> {
    let hash: PasswordHash = argon2()?.hash_password_with_salt(password.as_bytes(), salt)?;
    Ok(hash.to_string().into())
}

fn verify(password: &str, hash: &str) -> Result<bool, PasswordError> {
    let hash = PasswordHash::new(hash).map_err(argon2::password_hash::Error::from)?;
    match argon2()?.verify_password(password.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn au_05_passwords_are_argon2id_of_the_required_strength() {
        let entropy = Entropy::system();
        let passwords = Passwords::new(&entropy).unwrap();
        let password = || SecretString::new("верный пароль".into());
        let hash = passwords.hash(password(), &entropy).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let wrong = SecretString::new("неверный".into());
        assert!(
            passwords
                .verify(password(), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(!passwords.verify(wrong, Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_account_is_never_right() {
        let passwords = Passwords::new(&Entropy::system()).unwrap();
        let matches = passwords
            .verify("any".to_owned().into(), None)
            .await
            .unwrap();
        assert!(!matches);
    }
}

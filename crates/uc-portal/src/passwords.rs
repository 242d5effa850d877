//! Password hashes: Argon2id, by default with 19 MiB, two passes, one lane.

use std::{fmt, sync::Arc};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};
use tokio::{sync::Semaphore, task};
use uc_model::SecretString;

use crate::entropy::Entropy;

/// How much work a hash is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// 19 MiB, two passes, one lane: the least that OWASP's ASVS 5 (appendix C) takes.
    pub const LEAST: Self = Self::new(19 * 1024, 2);

    /// One lane of this much memory. Less than [`Cost::LEAST`] is for tests: the command line does not offer it.
    #[must_use]
    pub const fn new(memory_kib: u32, passes: u32) -> Self {
        Self {
            memory_kib,
            passes,
            lanes: 1,
        }
    }

    fn argon2(self) -> Result<Argon2<'static>, PasswordError> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, None)
            .map_err(argon2::password_hash::Error::from)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    /// Whether a hash was made with less work.
    fn exceeds(self, hash: &PasswordHash) -> bool {
        let made_with = |name: &str| hash.params.get_decimal(name).unwrap_or_default();
        made_with("m") < self.memory_kib || made_with("t") < self.passes
    }
}

/// Hashes at once, so that sign-ins cannot exhaust memory.
const AT_ONCE: usize = 2;

/// Whether a password belongs to a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does.
    Right,
    /// It does, and the hash was made with less work than is asked now.
    RightOfOldParameters,
    /// It does not, or there is no hash.
    Wrong,
}

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
    cost: Cost,
    /// Compared with where there is no account, so that there is as much work as with one.
    decoy: SecretString,
}

impl Passwords {
    /// Makes the decoy.
    pub fn new(entropy: &Entropy, cost: Cost) -> Result<Self, PasswordError> {
        Ok(Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            cost,
            decoy: hash(cost, entropy.token().expose(), &entropy.bytes())?,
        })
    }

    /// The PHC string of a password.
    pub async fn hash(
        &self,
        password: SecretString,
        entropy: &Entropy,
    ) -> Result<SecretString, PasswordError> {
        let salt: [u8; 16] = entropy.bytes();
        let cost = self.cost;
        self.work(move || hash(cost, password.expose(), &salt))
            .await?
    }

    /// Whether the password belongs to the hash; `None` takes as long and is never right.
    pub async fn verify(
        &self,
        password: SecretString,
        hash: Option<SecretString>,
    ) -> Result<Verdict, PasswordError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.clone());
        let cost = self.cost;
        let verdict = self
            .work(move || verify(cost, password.expose(), hash.expose()))
            .await??;
        Ok(if known { verdict } else { Verdict::Wrong })
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

fn hash(cost: Cost, password: &str, salt: &[u8; 16]) -> Result<SecretString, PasswordError> {
    let hash: PasswordHash = cost
        .argon2()?
        .hash_password_with_salt(password.as_bytes(), salt)?;
    Ok(hash.to_string().into())
}

/// Compares with the parameters that stand in the hash.
fn verify(cost: Cost, password: &str, hash: &str) -> Result<Verdict, PasswordError> {
    let hash = PasswordHash::new(hash).map_err(argon2::password_hash::Error::from)?;
    match cost.argon2()?.verify_password(password.as_bytes(), &hash) {
        Ok(()) if cost.exceeds(&hash) => Ok(Verdict::RightOfOldParameters),
        Ok(()) => Ok(Verdict::Right),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
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
        let passwords = Passwords::new(&entropy, Cost::LEAST).unwrap();
        let password = || SecretString::new("верный пароль".into());
        let hash = passwords.hash(password(), &entropy).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let wrong = SecretString::new("неверный".into());
        let verdict = passwords.verify(password(), Some(hash.clone())).await;
        assert_eq!(verdict.unwrap(), Verdict::Right);
        let verdict = passwords.verify(wrong, Some(hash)).await;
        assert_eq!(verdict.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn au_06_no_letter_of_a_long_password_is_left_out() {
        let entropy = Entropy::system();
        let passwords = Passwords::new(&entropy, Cost::new(64, 1)).unwrap();
        let letters = |count| SecretString::new("a".repeat(count));
        let hash = passwords.hash(letters(72), &entropy).await.unwrap();
        let verdict = passwords.verify(letters(73), Some(hash)).await;
        assert_eq!(verdict.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn au_05_a_right_password_tells_when_its_hash_has_aged() {
        let entropy = Entropy::system();
        let before = Passwords::new(&entropy, Cost::LEAST).unwrap();
        let now = Passwords::new(&entropy, Cost::new(19 * 1024, 3)).unwrap();
        let password = || SecretString::new("верный пароль".into());
        let hash = before.hash(password(), &entropy).await.unwrap();
        let verdict = now.verify(password(), Some(hash.clone())).await;
        assert_eq!(verdict.unwrap(), Verdict::RightOfOldParameters);
        let wrong = SecretString::new("неверный".into());
        let verdict = now.verify(wrong, Some(hash)).await;
        assert_eq!(verdict.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn an_unknown_account_is_never_right() {
        let passwords = Passwords::new(&Entropy::system(), Cost::LEAST).unwrap();
        let matches = passwords
            .verify("any".to_owned().into(), None)
            .await
            .unwrap();
        assert_eq!(matches, Verdict::Wrong);
    }
}

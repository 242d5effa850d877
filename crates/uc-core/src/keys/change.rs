//! Changing the passcode: the old one opens everything until the new one does.

use rand::CryptoRng;
use uc_auth::lock::{BundleHeader, KdfParams, open_bundle};
use uc_model::SecretString;

use super::{Keys, KeysError, OpenKeys, item};
use crate::ports::ProfileFile;

impl Keys {
    /// Whether a passcode opens the bundle in use.
    pub(crate) async fn verify(&self, passcode: SecretString) -> Result<bool, KeysError> {
        let file = self.files.find(ProfileFile::KeyBundle)?;
        let bytes = file.ok_or(KeysError::NoBundle)?;
        let header = BundleHeader::parse(&bytes).map_err(|_| KeysError::NoBundle)?;
        let kek = self.stretch(passcode, header).await;
        Ok(open_bundle(&bytes, &kek).is_ok())
    }

    /// Seals bundle and session under another passcode: the session into the free slot, then the bundle switches, then
    /// what the old passcode opens goes.
    ///
    /// Cut before the switch, the old passcode opens everything; after it the new one does, and until the old bundle is
    /// gone either: whichever is used first stays.
    pub(crate) async fn change_passcode(
        &self,
        keys: &mut OpenKeys,
        passcode: SecretString,
        params: KdfParams,
        rng: &mut impl CryptoRng,
    ) -> Result<(), KeysError> {
        let header = BundleHeader::generate(params, rng);
        let kek = self.stretch(passcode, header).await;
        let _writing = self.writer.lock().await;
        if self.is_wiped(keys)? {
            return Err(KeysError::NoBundle);
        }
        let old_slot = keys.bundle.slot;
        let mut changed = OpenKeys {
            kek,
            header,
            bundle: keys.bundle.clone(),
            sessions: keys.sessions.clone(),
        };
        changed.bundle.slot = old_slot.other();
        if let Some(session) = changed.likeliest_session() {
            self.store_session(&changed, changed.bundle.slot, &session, rng)
                .await?;
        }
        self.keep_bundle(&changed, rng)?;
        *keys = changed;
        self.files.wipe(ProfileFile::PreviousKeyBundle)?;
        Ok(self.keyring.delete(item(old_slot)).await?)
    }
}

#[cfg(test)]
mod tests;

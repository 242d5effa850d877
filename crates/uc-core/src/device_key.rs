//! The device's key at the portal: certified once in a session, and shown with what only the person may do.

use std::sync::Arc;

use uc_auth::{AccessToken, Proof, ProofKey};
use uc_portal_api::CertifyDevice;
use url::Url;

use crate::{Core, keys::OpenKeys, portal::Call, sync::SyncError};

/// The key for a vault that has just been opened. Without one nothing is signed, and the portal says whether that is enough.
pub(crate) async fn load(core: &Core, keys: &OpenKeys) -> Option<Arc<ProofKey>> {
    let loaded = core
        .keys
        .device_signing_key(keys.bundle(), &mut core.rng())
        .await;
    loaded
        .inspect_err(|error| tracing::warn!(%error, "the device has no key to sign with"))
        .ok()
}

/// Has the portal certify the key, the first time that it is reached in a session.
pub(crate) async fn certify(core: &Core) -> Result<(), SyncError> {
    let Some(sign_ins) = wanted(core) else {
        return Ok(());
    };
    core.call(Call::<CertifyDevice>::new((), ())).await?;
    if let Some(open) = core.state().open_session()
        && open.sign_ins == sign_ins
    {
        open.is_certified = true;
    }
    Ok(())
}

/// In which of the person's sessions a certificate is wanted.
fn wanted(core: &Core) -> Option<u32> {
    let mut state = core.state();
    let open = state.open_session()?;
    (open.device_key.is_some() && !open.is_certified).then_some(open.sign_ins)
}

/// The header that signs a request, while the vault is open.
pub(crate) fn sign(
    core: &Core,
    token: &AccessToken,
    method: &http::Method,
    address: &Url,
    body: &[u8],
) -> Option<String> {
    let key = core.state().open_session()?.device_key.clone()?;
    Some(key.prove(&Proof {
        method,
        address,
        access: Some(&token.secret),
        nonce: None,
        at: core.server_now(),
        id: &Proof::new_id(&mut core.rng()),
        body: Some(body),
    }))
}

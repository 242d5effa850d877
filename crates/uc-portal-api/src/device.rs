//! The device's own key: certified once for a session, and shown with every act that only its person may do.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Method};

/// The header that shows the device's key: a JWT of the type `device-proof+jwt`, signed by it (ES256).
///
/// It has the members of a `DPoP` proof (RFC 9449 §4.2), `jwk`, `jti`, `htm`, `htu`, `iat` and `ath`, and `body`: the SHA-256
/// of the request's body in base64url. Once a session has a certificate, the endpoints that say so in
/// [`Endpoint::DEVICE_PROVEN`] refuse whatever comes without a proof of the certified key.
pub const DEVICE_PROOF: &str = "device-proof";

/// `PUT /v1/device-certificate`: the device's key, shown by a proof of it, becomes the session's.
///
/// The same key may be shown again; another one is 403 `device_not_proven`: for another key one signs in anew.
#[derive(Debug, Clone, Copy)]
pub struct CertifyDevice;

impl Endpoint for CertifyDevice {
    const METHOD: Method = Method::Put;
    const PATH: &'static str = "/v1/device-certificate";
    const AUTHENTICATED: bool = true;
    const DEVICE_PROVEN: bool = true;
    type Query = ();
    type Body = ();
    type Response = DeviceCertificate;
}

/// What the portal's device authority says of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeviceCertificate {
    /// X.509 in DER, in base64 with padding; its subject alternative name is `urn:uuid:` and the session's id.
    pub certificate: String,
    /// The last day on which it holds, in UTC.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub ends_at: Timestamp,
}

//! Identity providers beside the portal's own: any issuer of OpenID Connect, with the portal as its confidential client.
//!
//! Code flow with PKCE S256, state, nonce and the issuer of the answer (RFC 9207). A provider says who somebody is there;
//! whose account that is here, only the person can say.

mod channel;
mod description;
mod error;
mod esia;
mod id_token;
mod keys;
mod provider;
mod set;
mod settings;

pub use channel::{Channel, SetUpError};
pub use error::{Check, UpstreamError};
pub use esia::Esia;
pub use id_token::Identity;
pub use provider::{Answer, Departure, Trip, Upstream, Wish};
pub use set::Upstreams;
pub use settings::{ClientProof, ProviderSettings, ProvidersError};

//! Who the person is, as the provider tells whoever holds the access token (OpenID Connect Core §5.3).

use http::header;
use openidconnect::HttpResponse;
use rand::CryptoRng;
use serde_json::Value;

use crate::{
    AccessToken, AuthError, Channel, Check, Provider,
    exchange::{self, Kind, Proving},
};

impl Provider {
    /// The given name, if the provider tells it. No answer is none; an answer about another person is a lie.
    pub(crate) async fn ask_who(
        &self,
        access: &AccessToken,
        subject: &str,
        channel: Channel<'_>,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<String>, AuthError> {
        let Some(endpoint) = self.metadata.userinfo_endpoint() else {
            return Ok(None);
        };
        let request = http::Request::get(endpoint.url().as_str())
            .header(header::ACCEPT, "application/json")
            .header(
                header::AUTHORIZATION,
                access
                    .authorization()
                    .ok_or(AuthError::Untrusted(Check::Grant))?,
            )
            .body(Vec::new())
            .map_err(|_| AuthError::Untrusted(Check::Metadata))?;
        let key = access.proof_key.as_deref();
        let proving = key.map(|key| Proving::new(key, rng).of(&access.secret));
        match exchange::send_proved(channel, Kind::Json, request, proving.as_ref()).await {
            Ok(response) => read(&response, subject),
            Err(error @ AuthError::Untrusted(_)) => Err(error),
            Err(_) => Ok(None),
        }
    }
}

fn read(response: &HttpResponse, subject: &str) -> Result<Option<String>, AuthError> {
    let members: Value =
        serde_json::from_slice(response.body()).map_err(|_| AuthError::Untrusted(Check::Json))?;
    if members["sub"].as_str() != Some(subject) {
        return Err(AuthError::Untrusted(Check::Subject));
    }
    Ok(members["given_name"].as_str().map(str::to_owned))
}

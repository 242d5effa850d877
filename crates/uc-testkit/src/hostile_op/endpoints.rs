//! The provider's endpoints.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::StatusCode;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use url::form_urlencoded;

use super::{
    CLIENT_ID, HostileOp, ISSUER, SUBJECT, count, lock, merge,
    script::{Reply, Signing},
};

pub(super) fn router(op: &HostileOp) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata))
        .route("/jwks", get(jwks))
        .route("/token", post(token))
        .route("/revoke", post(async || StatusCode::OK))
        .fallback(elsewhere)
        .with_state(op.clone())
}

async fn metadata(State(op): State<HostileOp>) -> Response {
    let mut metadata = json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/authorize"),
        "token_endpoint": format!("{ISSUER}/token"),
        "jwks_uri": format!("{ISSUER}/jwks"),
        "revocation_endpoint": format!("{ISSUER}/revoke"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "authorization_response_iss_parameter_supported": true
    });
    merge(&mut metadata, &lock(&op.0.script).metadata);
    axum::Json(metadata).into_response()
}

async fn jwks(State(op): State<HostileOp>) -> Response {
    let earlier = count(&op.0.counters.jwks);
    let script = lock(&op.0.script).clone();
    let later = script.jwks_later.filter(|_| earlier > 0);
    let keys = later.or(script.jwks);
    axum::Json(keys.unwrap_or_else(|| op.0.keys.jwks())).into_response()
}

async fn elsewhere(State(op): State<HostileOp>) -> StatusCode {
    count(&op.0.counters.elsewhere);
    StatusCode::NOT_FOUND
}

async fn token(State(op): State<HostileOp>, body: Bytes) -> Response {
    count(&op.0.counters.token);
    let script = lock(&op.0.script).clone();
    if let Some(reply) = script.reply {
        return raw(reply);
    }
    let member = |name: &str| {
        form_urlencoded::parse(&body)
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let is_refresh = member("grant_type").as_deref() == Some("refresh_token");
    if !is_refresh && !op.knows_verifier(&member("code_verifier").unwrap_or_default()) {
        return raw(Reply::json(400, r#"{"error":"invalid_grant"}"#));
    }
    let mut response = json!({
        "access_token": "access-1",
        "token_type": "Bearer",
        "expires_in": 300,
        "refresh_token": "refresh-1",
        "id_token": op.id_token()
    });
    merge(&mut response, &script.token);
    axum::Json(response).into_response()
}

impl HostileOp {
    fn knows_verifier(&self, verifier: &str) -> bool {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        !lock(&self.0.script).foreign_code && challenge == lock(&self.0.asked).challenge
    }

    fn id_token(&self) -> String {
        let script = lock(&self.0.script).clone();
        let mut header = json!({ "alg": "ES256", "kid": "key-1", "typ": "JWT" });
        match script.signing {
            Signing::None => merge(&mut header, &json!({ "alg": "none" })),
            Signing::HmacByClientId | Signing::HmacByPublicKey | Signing::HmacByRsaKey => {
                merge(&mut header, &json!({ "alg": "HS256" }));
            }
            Signing::True | Signing::StrangerKey | Signing::Truncated | Signing::Flipped(_) => {}
        }
        merge(&mut header, &script.header);
        let mut claims = json!({
            "iss": ISSUER,
            "sub": SUBJECT,
            "aud": CLIENT_ID,
            "iat": self.0.now.as_second(),
            "exp": self.0.now.as_second() + 300,
            "nonce": lock(&self.0.asked).nonce,
            "given_name": "Анна"
        });
        merge(&mut claims, &script.claims);
        let claims = script.raw_claims.unwrap_or_else(|| claims.to_string());
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let message = format!("{}.{}", encode(&header.to_string()), encode(&claims));
        let alg = header["alg"].as_str().unwrap_or_default();
        let signature = self.0.keys.sign(message.as_bytes(), script.signing, alg);
        format!("{message}.{signature}")
    }
}

fn raw(reply: Reply) -> Response {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).expect("a response")
}

//! The provider's endpoints.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{any, get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, Method, StatusCode, header};
use jiff::fmt::rfc2822;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use url::form_urlencoded;

use super::{
    ACCESS, CLIENT_ID, HostileOp, ISSUER, SUBJECT, count, lock, merge,
    proofs::Checker,
    script::{Proofs, Pushed, Reply, Signing},
};

pub(super) fn router(op: &HostileOp) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata))
        .route("/jwks", get(jwks))
        .route("/par", post(push))
        .route("/token", post(token))
        .route("/userinfo", get(userinfo))
        .route("/revoke", post(async || StatusCode::OK))
        .route("/v1/{*path}", any(portal))
        .fallback(elsewhere)
        .layer(middleware::from_fn_with_state(op.clone(), date))
        .with_state(op.clone())
}

/// Answers tell the provider's time.
async fn date(State(op): State<HostileOp>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let date = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&op.now());
    let date = date.expect("a date").parse().expect("a header");
    response.headers_mut().insert(header::DATE, date);
    response
}

async fn metadata(State(op): State<HostileOp>) -> Response {
    let mut metadata = json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/authorize"),
        "token_endpoint": format!("{ISSUER}/token"),
        "jwks_uri": format!("{ISSUER}/jwks"),
        "userinfo_endpoint": format!("{ISSUER}/userinfo"),
        "revocation_endpoint": format!("{ISSUER}/revoke"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "authorization_response_iss_parameter_supported": true
    });
    let script = lock(&op.0.script).clone();
    if script.proofs != Proofs::Unknown {
        let algorithms = json!({ "dpop_signing_alg_values_supported": ["EdDSA", "ES256"] });
        merge(&mut metadata, &algorithms);
    }
    if !matches!(script.pushed, Pushed::No) {
        let endpoint = format!("{ISSUER}/par");
        merge(
            &mut metadata,
            &json!({ "pushed_authorization_request_endpoint": endpoint }),
        );
    }
    merge(&mut metadata, &script.metadata);
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

/// A request that is pushed: its members are remembered until the browser comes.
async fn push(State(op): State<HostileOp>, headers: HeaderMap, body: Bytes) -> Response {
    let proved = op.check_proof(Checker::Provider, &Method::POST, "/par", &headers, None);
    let thumbprint = match proved {
        Ok(thumbprint) => thumbprint,
        Err(refusal) => return *refusal,
    };
    let member = |name: &str| form_member(&body, name).unwrap_or_default();
    // A thumbprint that is told must be that of the proof (RFC 9449 §10.1).
    if thumbprint.is_some() && thumbprint != form_member(&body, "dpop_jkt") {
        return raw(Reply::json(400, r#"{"error":"invalid_dpop_proof"}"#));
    }
    if let Pushed::Answered(reply) = &lock(&op.0.script).pushed {
        return raw(reply.clone());
    }
    op.remember(&member);
    let body = json!({ "request_uri": "urn:ietf:params:oauth:request_uri:1", "expires_in": 60 });
    (StatusCode::CREATED, axum::Json(body)).into_response()
}

async fn token(State(op): State<HostileOp>, headers: HeaderMap, body: Bytes) -> Response {
    count(&op.0.counters.token);
    let script = lock(&op.0.script).clone();
    if let Some(reply) = script.reply {
        return raw(reply);
    }
    let proved = op.check_proof(Checker::Provider, &Method::POST, "/token", &headers, None);
    let thumbprint = match proved {
        Ok(thumbprint) => thumbprint,
        Err(refusal) => return *refusal,
    };
    let is_refresh = form_member(&body, "grant_type").as_deref() == Some("refresh_token");
    let verifier = form_member(&body, "code_verifier").unwrap_or_default();
    if !op.is_bound_to(thumbprint.as_ref()) || !is_refresh && !op.knows_verifier(&verifier) {
        return raw(Reply::json(400, r#"{"error":"invalid_grant"}"#));
    }
    let mut response = json!({
        "access_token": ACCESS,
        "token_type": if thumbprint.is_some() { "DPoP" } else { "Bearer" },
        "expires_in": 300,
        "refresh_token": "refresh-1",
        "id_token": op.id_token()
    });
    merge(&mut response, &script.token);
    axum::Json(response).into_response()
}

fn form_member(body: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(body)
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

async fn userinfo(State(op): State<HostileOp>, headers: HeaderMap) -> Response {
    if let Err(refusal) = op.check_access(Checker::Provider, &Method::GET, "/userinfo", &headers) {
        return *refusal;
    }
    let mut person = json!({ "sub": SUBJECT, "given_name": "Анна" });
    merge(&mut person, &lock(&op.0.script).userinfo);
    axum::Json(person).into_response()
}

/// The portal behind the provider has nothing; it only checks who asks.
async fn portal(State(op): State<HostileOp>, request: Request) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    if request.headers().contains_key(header::AUTHORIZATION) {
        if let Err(refusal) = op.check_access(Checker::Portal, method, path, request.headers()) {
            return *refusal;
        }
        count(&op.0.counters.portal);
        let accept = request.headers().get(header::ACCEPT);
        if accept.is_some_and(|kind| kind == "text/event-stream") {
            count(&op.0.counters.stream);
        }
    }
    StatusCode::NOT_FOUND.into_response()
}

impl HostileOp {
    /// Whether the access token is shown as it must be.
    fn check_access(
        &self,
        who: Checker,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<(), Box<Response>> {
        let thumbprint = self.check_proof(who, method, path, headers, Some(ACCESS))?;
        let scheme = if thumbprint.is_some() {
            "DPoP"
        } else {
            "Bearer"
        };
        let shown = headers
            .get(header::AUTHORIZATION)
            .map(http::HeaderValue::as_bytes);
        if shown == Some(format!("{scheme} {ACCESS}").as_bytes())
            && self.is_bound_to(thumbprint.as_ref())
        {
            return Ok(());
        }
        Err(Box::new(StatusCode::UNAUTHORIZED.into_response()))
    }

    /// The key of the session's beginning, and no other.
    fn is_bound_to(&self, thumbprint: Option<&String>) -> bool {
        thumbprint == lock(&self.0.remembered).bound_to.as_ref()
    }

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
            "iat": self.now().as_second(),
            "exp": self.now().as_second() + 300,
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

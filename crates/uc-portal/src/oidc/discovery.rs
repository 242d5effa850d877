//! `GET /.well-known/openid-configuration` (OpenID Connect Discovery §3, RFC 8414).

use axum::{Json, extract::State, http::header, response::IntoResponse};
use serde::Serialize;

use super::{
    AUTHORIZE, DEVICE_AUTHORIZATION, INTROSPECT, JWKS, LOGOUT, PAR, REVOKE, ScopeToken, TOKEN,
    USERINFO, dpop, id_token, pairing,
};
use crate::portal::AppState;

#[derive(Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the standard's members are flags"
)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    pushed_authorization_request_endpoint: String,
    require_pushed_authorization_requests: bool,
    device_authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
    revocation_endpoint: String,
    introspection_endpoint: String,
    end_session_endpoint: String,
    scopes_supported: Vec<&'static str>,
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 1],
    grant_types_supported: [&'static str; 3],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: [&'static str; 4],
    revocation_endpoint_auth_methods_supported: [&'static str; 4],
    introspection_endpoint_auth_methods_supported: [&'static str; 3],
    token_endpoint_auth_signing_alg_values_supported: [&'static str; 2],
    code_challenge_methods_supported: [&'static str; 1],
    dpop_signing_alg_values_supported: [&'static str; 2],
    prompt_values_supported: [&'static str; 4],
    ui_locales_supported: [&'static str; 2],
    acr_values_supported: [&'static str; 2],
    claims_supported: [&'static str; 21],
    authorization_response_iss_parameter_supported: bool,
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
    claims_parameter_supported: bool,
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
}

pub(super) async fn discovery(State(portal): State<AppState>) -> impl IntoResponse {
    let issuer = &portal.issuer;
    let metadata = Metadata {
        issuer: issuer.to_string(),
        authorization_endpoint: issuer.url(AUTHORIZE),
        pushed_authorization_request_endpoint: issuer.url(PAR),
        require_pushed_authorization_requests: false,
        device_authorization_endpoint: issuer.url(DEVICE_AUTHORIZATION),
        token_endpoint: issuer.url(TOKEN),
        userinfo_endpoint: issuer.url(USERINFO),
        jwks_uri: issuer.url(JWKS),
        revocation_endpoint: issuer.url(REVOKE),
        introspection_endpoint: issuer.url(INTROSPECT),
        end_session_endpoint: issuer.url(LOGOUT),
        scopes_supported: ScopeToken::ALL.iter().map(|token| token.as_str()).collect(),
        response_types_supported: ["code"],
        response_modes_supported: ["query"],
        grant_types_supported: ["authorization_code", "refresh_token", pairing::GRANT_TYPE],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["ES256"],
        token_endpoint_auth_methods_supported: [NO_SECRET, BASIC, POSTED, SIGNED],
        revocation_endpoint_auth_methods_supported: [NO_SECRET, BASIC, POSTED, SIGNED],
        introspection_endpoint_auth_methods_supported: [BASIC, POSTED, SIGNED],
        token_endpoint_auth_signing_alg_values_supported: dpop::ALGORITHMS,
        code_challenge_methods_supported: ["S256"],
        dpop_signing_alg_values_supported: dpop::ALGORITHMS,
        prompt_values_supported: ["none", "login", "consent", "select_account"],
        ui_locales_supported: ["ru", "en"],
        acr_values_supported: [id_token::ACR_PASSWORD, id_token::ACR_TWO_FACTORS],
        claims_supported: CLAIMS,
        authorization_response_iss_parameter_supported: true,
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
        claims_parameter_supported: false,
        request_parameter_supported: false,
        request_uri_parameter_supported: false,
    };
    (
        [(header::CACHE_CONTROL, "public, max-age=300")],
        Json(metadata),
    )
}

const NO_SECRET: &str = "none";
const BASIC: &str = "client_secret_basic";
const POSTED: &str = "client_secret_post";
const SIGNED: &str = "private_key_jwt";

const CLAIMS: [&str; 21] = [
    "iss",
    "sub",
    "aud",
    "azp",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "at_hash",
    "amr",
    "acr",
    "sid",
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "birthdate",
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
];

//! One request and its answer, with a token where the endpoint needs one.

use std::time::Duration;

use http::{HeaderMap, Method, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uc_auth::{AccessToken, proof, retry_after};
use uc_model::{ContentHash, IdempotencyKey};
use uc_portal_api::{
    DEVICE_PROOF, Endpoint, IDEMPOTENCY_KEY, Method as ApiMethod, PROBLEM_JSON, ProblemCode,
    UploadState, chunk_path,
};

use super::{Answer, PortalError};
use crate::{Core, device_key, ports::Limits};

/// The longest pause that a portal can ask for.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// One call of an endpoint.
pub(crate) struct Call<E: Endpoint> {
    id: String,
    query: E::Query,
    body: E::Body,
    key: Option<IdempotencyKey>,
    known: Option<String>,
    limits: Limits,
}

impl<E: Endpoint> Call<E> {
    /// A call with an ordinary answer, of an endpoint without parameter.
    pub(crate) const fn new(query: E::Query, body: E::Body) -> Self {
        Self {
            id: String::new(),
            query,
            body,
            key: None,
            known: None,
            limits: Limits::ANSWER,
        }
    }

    /// Names the resource: what stands in the path for `{id}`.
    pub(crate) fn of(mut self, id: impl std::fmt::Display) -> Self {
        self.id = id.to_string();
        self
    }

    /// For writes: a repeat with the same key is the same write.
    pub(crate) const fn with_key(mut self, key: IdempotencyKey) -> Self {
        self.key = Some(key);
        self
    }

    /// Nothing is sent back when the answer is still the one with this `ETag`.
    pub(crate) fn unless(mut self, known: Option<String>) -> Self {
        self.known = known;
        self
    }

    /// For answers with whole pages of the catalogue or the feed.
    pub(crate) const fn in_pages(mut self) -> Self {
        self.limits = Limits::CATALOGUE;
        self
    }

    fn write(self) -> Result<Outgoing, PortalError> {
        Ok(Outgoing {
            method: method(E::METHOD),
            path: uc_portal_api::path::<E>(&self.id),
            query: serde_json::to_value(&self.query).map_err(|_| PortalError::Malformed)?,
            body: write_body(&self.body)?,
            content_type: "application/json",
            is_proven: E::DEVICE_PROVEN,
            key: self.key,
            known: self.known,
            limits: self.limits,
        })
    }
}

/// A call as it is sent, but for the token.
struct Outgoing {
    method: Method,
    path: String,
    query: Value,
    body: Vec<u8>,
    content_type: &'static str,
    /// The device's key signs it.
    is_proven: bool,
    key: Option<IdempotencyKey>,
    known: Option<String>,
    limits: Limits,
}

impl Core {
    /// Calls the portal; with an access token where the endpoint needs one, renewed once if the portal refuses it.
    pub(crate) async fn call<E: Endpoint>(
        &self,
        call: Call<E>,
    ) -> Result<Answer<E::Response>, PortalError> {
        if E::AUTHENTICATED {
            self.carry(&call.write()?).await
        } else {
            self.call_openly(call).await
        }
    }

    /// Calls an endpoint that needs no access token, and reads its answer as the caller likes.
    pub(crate) async fn call_openly<E: Endpoint, T: DeserializeOwned>(
        &self,
        call: Call<E>,
    ) -> Result<Answer<T>, PortalError> {
        read_answer(&self.exchange(&call.write()?, None).await?)
    }

    /// As `call`, with a token that belongs to no open session yet.
    pub(crate) async fn call_with<E: Endpoint>(
        &self,
        call: Call<E>,
        token: &AccessToken,
    ) -> Result<Answer<E::Response>, PortalError> {
        read_answer(&self.exchange(&call.write()?, Some(token)).await?)
    }

    /// Adds a chunk to a file whose upload was begun.
    pub(crate) async fn put_chunk(
        &self,
        file: ContentHash,
        start: u64,
        chunk: Vec<u8>,
    ) -> Result<Answer<UploadState>, PortalError> {
        self.carry(&Outgoing {
            method: Method::PUT,
            path: chunk_path(file, start),
            query: Value::Null,
            body: chunk,
            content_type: "application/octet-stream",
            is_proven: false,
            key: None,
            known: None,
            limits: Limits::UPLOAD,
        })
        .await
    }

    async fn carry<T: DeserializeOwned>(
        &self,
        outgoing: &Outgoing,
    ) -> Result<Answer<T>, PortalError> {
        let token = self.access_token(None).await?;
        let mut response = self.exchange(outgoing, Some(&token)).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            let renewed = self.access_token(Some(&token)).await?;
            response = self.exchange(outgoing, Some(&renewed)).await?;
        }
        if response.status() == StatusCode::UNAUTHORIZED {
            return Err(PortalError::SignInRequired);
        }
        let answer = read_answer(&response);
        if answer.as_ref().is_err_and(is_unproven) {
            return Box::pin(self.carry_again(outgoing)).await;
        }
        answer
    }

    /// The portal took no proof of the device's key. It has told its time by now, and a proof of that time may be taken;
    /// else it knows another key of this device, and a new session takes the one that there is.
    async fn carry_again<T: DeserializeOwned>(
        &self,
        outgoing: &Outgoing,
    ) -> Result<Answer<T>, PortalError> {
        let token = self.access_token(None).await?;
        let answer = read_answer(&self.exchange(outgoing, Some(&token)).await?);
        if answer.as_ref().is_err_and(is_unproven) {
            if self.portal.holds(&token) {
                self.need_sign_in();
            }
            return Err(PortalError::SignInRequired);
        }
        answer
    }

    /// A nonce that the portal wants to see in the proof is given once.
    async fn exchange(
        &self,
        outgoing: &Outgoing,
        token: Option<&AccessToken>,
    ) -> Result<http::Response<Vec<u8>>, PortalError> {
        let response = self.exchange_once(outgoing, token).await?;
        let heard = self.portal.nonces.learn(response.headers());
        let (status, headers) = (response.status(), response.headers());
        if heard && token.is_some() && proof::wants_nonce(status, headers, &[]) {
            return self.exchange_once(outgoing, token).await;
        }
        Ok(response)
    }

    async fn exchange_once(
        &self,
        outgoing: &Outgoing,
        token: Option<&AccessToken>,
    ) -> Result<http::Response<Vec<u8>>, PortalError> {
        let request = self.build(outgoing, token)?;
        let response = self.ports.http.send(request, outgoing.limits).await;
        self.note(&response);
        Ok(response?)
    }

    fn build(
        &self,
        outgoing: &Outgoing,
        token: Option<&AccessToken>,
    ) -> Result<http::Request<Vec<u8>>, PortalError> {
        let address = self.config.portal.address.join(&outgoing.path);
        let mut address = address.map_err(|_| PortalError::Malformed)?;
        append_query(&mut address, &outgoing.query);
        let mut request = http::Request::builder()
            .method(outgoing.method.clone())
            .uri(address.as_str())
            .header(header::ACCEPT, "application/json");
        if let Some(token) = token {
            request = self.authorize(request, token, &outgoing.method, &address)?;
        }
        if let Some(key) = outgoing.key {
            request = request.header(IDEMPOTENCY_KEY, key.to_string());
        }
        if let Some(known) = &outgoing.known {
            request = request.header(header::IF_NONE_MATCH, known);
        }
        let body = outgoing.body.clone();
        if let Some(token) = token.filter(|_| outgoing.is_proven)
            && let Some(proof) = device_key::sign(self, token, &outgoing.method, &address, &body)
        {
            request = request.header(DEVICE_PROOF, proof);
        }
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, outgoing.content_type);
        }
        request.body(body).map_err(|_| PortalError::Malformed)
    }
}

fn is_unproven(error: &PortalError) -> bool {
    matches!(error, PortalError::Problem { problem, .. } if problem.code == ProblemCode::DeviceNotProven)
}

fn read_answer<T: DeserializeOwned>(
    response: &http::Response<Vec<u8>>,
) -> Result<Answer<T>, PortalError> {
    let status = response.status();
    if status == StatusCode::NOT_MODIFIED {
        return Ok(Answer::Known);
    }
    let kind = essence(response.headers());
    if status.is_success() && kind == "application/json" {
        let body = serde_json::from_slice(response.body()).map_err(|_| PortalError::Malformed)?;
        return Ok(Answer::New(body, text(response.headers(), header::ETAG)));
    }
    if !status.is_success() && kind == PROBLEM_JSON {
        let problem =
            serde_json::from_slice(response.body()).map_err(|_| PortalError::Malformed)?;
        return Err(PortalError::Problem {
            problem,
            retry_after: retry_after(response.headers()).map(|pause| pause.min(LONGEST_PAUSE)),
        });
    }
    Err(PortalError::Malformed)
}

fn essence(headers: &HeaderMap) -> String {
    let kind = text(headers, header::CONTENT_TYPE).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

const fn method(method: ApiMethod) -> Method {
    match method {
        ApiMethod::Get => Method::GET,
        ApiMethod::Put => Method::PUT,
        ApiMethod::Post => Method::POST,
    }
}

/// Members of the query's struct, as far as they are there.
fn append_query(address: &mut url::Url, query: &Value) {
    let Value::Object(members) = query else {
        return;
    };
    for (name, value) in members {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text.clone(),
            other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                other.to_string()
            }
        };
        address.query_pairs_mut().append_pair(name, &text);
    }
}

/// JSON; nothing for `()`.
fn write_body(body: &impl serde::Serialize) -> Result<Vec<u8>, PortalError> {
    let bytes = serde_json::to_vec(body).map_err(|_| PortalError::Malformed)?;
    Ok(if bytes == b"null" { Vec::new() } else { bytes })
}

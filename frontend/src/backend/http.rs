//! The development bridge's way: loopback HTTP and server-sent events. Not in releases.

use std::rc::Rc;

use futures_util::{FutureExt, future::LocalBoxFuture};
use gloo_events::EventListener;
use gloo_net::http::Request;
use serde_json::Value;
use uc_ipc::Event;
use wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent};

use super::{
    dom,
    transport::{Refusal, Transport},
};

/// The command was refused; the body is the error.
const REFUSED: u16 = 422;

/// The bridge at the page's own origin, or at `?bridge=http://127.0.0.1:<port>`.
#[derive(Debug)]
pub(super) struct Bridge {
    base: String,
}

impl Bridge {
    pub(super) fn new() -> Self {
        Self {
            base: dom::query_parameter("bridge").unwrap_or_default(),
        }
    }
}

impl Transport for Bridge {
    fn call(
        &self,
        command: &'static str,
        request: String,
    ) -> LocalBoxFuture<'static, Result<String, Refusal>> {
        let address = format!("{}/ipc/{command}", self.base);
        send(address, request).boxed_local()
    }

    fn listen(&self, on_event: Rc<dyn Fn(String)>) {
        let Ok(source) = EventSource::new(&format!("{}/events", self.base)) else {
            return;
        };
        for name in ["message", Event::CHANNEL] {
            let on_event = Rc::clone(&on_event);
            EventListener::new(&source, name, move |event| {
                let text = event
                    .dyn_ref::<MessageEvent>()
                    .and_then(|event| event.data().as_string());
                on_event(text.unwrap_or_default());
            })
            .forget();
        }
    }
}

async fn send(address: String, request: String) -> Result<String, Refusal> {
    let response = Request::post(&address)
        .header("content-type", "application/json")
        .body(request)
        .map_err(|_| Refusal::Unreachable)?
        .send()
        .await
        .map_err(|_| Refusal::Unreachable)?;
    let status = response.status();
    let body = response.text().await.map_err(|_| Refusal::Unreachable)?;
    match status {
        200 => unwrap_answer(&body).ok_or(Refusal::Answer(body)),
        REFUSED => Err(Refusal::Answer(body)),
        _ => Err(Refusal::Unreachable),
    }
}

/// The answer inside `{"ok": …}`.
fn unwrap_answer(body: &str) -> Option<String> {
    let mut envelope: Value = serde_json::from_str(body).ok()?;
    Some(envelope.get_mut("ok")?.take().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_unwrapped() {
        assert_eq!(unwrap_answer(r#"{"ok":{"a":1}}"#).unwrap(), r#"{"a":1}"#);
        assert_eq!(unwrap_answer(r#"{"ok":null}"#).unwrap(), "null");
        assert!(unwrap_answer(r#"{"a":1}"#).is_none());
    }
}

//! The shell's way: Tauri's own functions, without its global object.

use std::rc::Rc;

use futures_util::{FutureExt, future::LocalBoxFuture};
use js_sys::{JSON, Object, Promise, Reflect};
use uc_ipc::Event;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::transport::{Refusal, Transport};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["window", "__TAURI_INTERNALS__"])]
    fn invoke(command: &str, arguments: &JsValue) -> Promise;

    #[wasm_bindgen(js_namespace = ["window", "__TAURI_INTERNALS__"], js_name = transformCallback)]
    fn transform_callback(callback: &Closure<dyn Fn(JsValue)>) -> JsValue;
}

/// The window belongs to the shell.
#[cfg(feature = "bridge")]
pub(super) fn is_there() -> bool {
    Reflect::has(&js_sys::global(), &"__TAURI_INTERNALS__".into()).unwrap_or(false)
}

/// Tauri's `invoke` and events.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shell;

impl Transport for Shell {
    fn call(
        &self,
        command: &'static str,
        request: String,
    ) -> LocalBoxFuture<'static, Result<String, Refusal>> {
        async move {
            let request = JSON::parse(&request).unwrap_or(JsValue::NULL);
            let arguments = object([("request", request)]);
            match JsFuture::from(invoke(command, &arguments)).await {
                Ok(answer) => Ok(text(&answer)),
                Err(refusal) => Err(Refusal::Answer(text(&refusal))),
            }
        }
        .boxed_local()
    }

    fn listen(&self, on_event: Rc<dyn Fn(String)>) {
        let callback = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
            let payload = Reflect::get(&message, &"payload".into()).unwrap_or(JsValue::NULL);
            on_event(text(&payload));
        });
        let arguments = object([
            ("event", Event::CHANNEL.into()),
            ("target", object([("kind", "Any".into())])),
            ("handler", transform_callback(&callback)),
        ]);
        // The window listens as long as it lives.
        callback.forget();
        spawn_local(async move {
            // Without events the screens still work; they only do not renew themselves.
            let _ = JsFuture::from(invoke("plugin:event|listen", &arguments)).await;
        });
    }
}

fn object<const N: usize>(entries: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        // Setting a key of a fresh object does not fail.
        let _ = Reflect::set(&object, &key.into(), &value);
    }
    object.into()
}

/// The value as JSON; `undefined` is `null`.
fn text(value: &JsValue) -> String {
    JSON::stringify(value)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_else(|| "null".to_owned())
}

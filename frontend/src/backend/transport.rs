//! What a way to the core can do.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

/// Carries commands and events as JSON texts.
pub(crate) trait Transport {
    /// Sends a command by its name; the answer is JSON.
    fn call(
        &self,
        command: &'static str,
        request: String,
    ) -> LocalBoxFuture<'static, Result<String, Refusal>>;

    /// Calls back with every event, as JSON, until the window closes.
    fn listen(&self, on_event: Rc<dyn Fn(String)>);
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The other side said so, in JSON.
    Answer(String),
    /// The other side did not hear.
    #[cfg_attr(
        not(any(feature = "bridge", test)),
        expect(dead_code, reason = "a shell always hears its own window")
    )]
    Unreachable,
}

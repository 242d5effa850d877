//! The way to the core and to the browser: the only module that touches JavaScript.

pub(crate) mod clock;
pub(crate) mod dom;
#[cfg(feature = "gallery")]
mod fake;
pub(crate) mod files;
#[cfg(feature = "bridge")]
mod http;
mod tauri;
mod transport;

use std::{any::Any, cell::RefCell, rc::Rc};

use serde_json::Value;
use uc_ipc::{Command, Event, IpcError, Query};

use self::transport::{Refusal, Transport};

/// Answers kept for showing at once while newer ones are asked for.
const REMEMBERED: usize = 32;

/// Answers by question, oldest first.
type Answers = Vec<(String, Rc<dyn Any>)>;

/// Sends commands to the core.
#[derive(Clone)]
pub(crate) struct Backend {
    transport: Rc<dyn Transport>,
    answers: Rc<RefCell<Answers>>,
}

impl PartialEq for Backend {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.transport, &other.transport)
    }
}

impl Backend {
    /// The way that this window has: the shell's, or in development builds the bridge's or sample data.
    pub(crate) fn detect() -> Self {
        Self::over(transport())
    }

    fn over(transport: Rc<dyn Transport>) -> Self {
        Self {
            transport,
            answers: Rc::default(),
        }
    }

    /// Sends a command and waits for its answer.
    pub(crate) async fn call<C: Command>(&self, command: &C) -> Result<C::Output, IpcError> {
        let request = serde_json::to_string(command).map_err(|_| fault("request"))?;
        match self.transport.call(C::NAME, request).await {
            Ok(answer) => serde_json::from_str(&answer).map_err(|_| fault("answer")),
            Err(refusal) => Err(decode(&refusal)),
        }
    }

    /// Calls back on everything the core tells unasked.
    pub(crate) fn listen(&self, on_event: impl Fn(Event) + 'static) {
        self.transport.listen(Rc::new(move |text| {
            if let Ok(event) = serde_json::from_str(&text) {
                on_event(event);
            }
        }));
    }

    /// The last answer to the same question, to be shown until a newer one arrives.
    pub(crate) fn recall<Q: Query>(&self, query: &Q) -> Option<Rc<Q::Output>> {
        let key = key(query)?;
        let answers = self.answers.borrow();
        let (_, answer) = answers.iter().find(|(known, _)| *known == key)?;
        Rc::clone(answer).downcast().ok()
    }

    /// Keeps an answer for [`Self::recall`].
    pub(crate) fn remember<Q: Query>(&self, query: &Q, answer: Rc<Q::Output>) {
        let Some(key) = key(query) else { return };
        let mut answers = self.answers.borrow_mut();
        answers.retain(|(known, _)| *known != key);
        if answers.len() == REMEMBERED {
            answers.remove(0);
        }
        answers.push((key, answer));
    }

    /// Forgets all answers: the vault is closed.
    pub(crate) fn forget(&self) {
        self.answers.borrow_mut().clear();
    }
}

fn key<Q: Query>(query: &Q) -> Option<String> {
    let request = serde_json::to_string(query).ok()?;
    Some(format!("{} {request}", Q::NAME))
}

#[cfg(any(feature = "bridge", feature = "gallery"))]
fn transport() -> Rc<dyn Transport> {
    #[cfg(feature = "gallery")]
    if dom::query_parameter("backend").as_deref() == Some("fake") {
        return Rc::new(fake::Fake::new());
    }
    #[cfg(feature = "bridge")]
    if !tauri::is_there() {
        return Rc::new(http::Bridge::new());
    }
    Rc::new(tauri::Shell)
}

#[cfg(not(any(feature = "bridge", feature = "gallery")))]
fn transport() -> Rc<dyn Transport> {
    Rc::new(tauri::Shell)
}

/// What the core refuses is an [`IpcError`]; what the shell itself refuses (a command that is not granted, a request
/// that does not parse) is plain text and a fault of ours.
fn decode(refusal: &Refusal) -> IpcError {
    match refusal {
        Refusal::Answer(text) => serde_json::from_str::<Value>(text)
            .and_then(serde_json::from_value)
            .unwrap_or_else(|_| fault("refusal")),
        Refusal::Unreachable => fault("connection"),
    }
}

/// A fault between interface and core; the place stands in for the log's incident.
fn fault(place: &str) -> IpcError {
    IpcError::Internal {
        incident: format!("ui-{place}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_the_core_arrive_as_they_are() {
        let refusal = Refusal::Answer(serde_json::to_string(&IpcError::Offline).unwrap());
        assert_eq!(decode(&refusal), IpcError::Offline);
    }

    #[test]
    fn refusals_of_the_shell_are_faults_of_ours() {
        let text = "\"lock not allowed. Permissions associated with this command: allow-lock\"";
        for refusal in [Refusal::Answer(text.to_owned()), Refusal::Unreachable] {
            assert!(matches!(decode(&refusal), IpcError::Internal { .. }));
        }
    }
}

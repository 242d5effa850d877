//! Hints of the portal that there is news: server-sent events, read while they are wanted.

use std::{sync::Arc, time::Duration};

use futures_util::{
    StreamExt as _,
    future::{Either, select},
};
use tokio::sync::broadcast;
use uc_portal_api::Hint;
use uc_sync::outbox::Haste;

use super::{catalogue, feed, listens, logged, until_listening};
use crate::{Core, outbox, ports::ByteStream, upkeep};

/// The pause after the first connection that failed; each further one doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause between connections.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A line longer than this is none of the portal's.
const MAX_LINE_BYTES: usize = 4096;

/// Listens whenever hints are wanted, until the core ends.
pub(crate) async fn run(core: Arc<Core>) {
    let mut events = core.events();
    let (mut last_id, mut pause) = (None, FIRST_PAUSE);
    loop {
        if !listens(&core) {
            last_id = None;
            until_listening(&core, &mut events, false).await;
        }
        let stream = core.open_hints(last_id.as_deref()).await;
        if let Ok(stream) = stream {
            pause = FIRST_PAUSE;
            catch_up(&core).await;
            let listening = Box::pin(listen(&core, stream, &mut last_id));
            select(listening, Box::pin(until_unwanted(&core))).await;
        }
        let waiting = Box::pin(until_listening(&core, &mut events, listens(&core)));
        match select(waiting, core.clock().sleep(pause)).await {
            Either::Left(_) => pause = FIRST_PAUSE,
            Either::Right(_) => pause = (pause * 2).min(LONGEST_PAUSE),
        }
    }
}

/// The portal can be reached: what waited goes, what was missed comes.
async fn catch_up(core: &Core) {
    outbox::drain(core, Haste::Eager).await;
    logged(feed::sync(core).await);
    fetch_catalogue(core).await;
}

/// As far as network and battery allow.
async fn fetch_catalogue(core: &Core) {
    let (_, plan) = upkeep::look(core).await;
    if plan.catalogue {
        logged(catalogue::sync(core).await);
    }
}

/// Ends when hints are not wanted any more.
async fn until_unwanted(core: &Core) {
    let mut events = core.events();
    while listens(core) {
        if let Err(broadcast::error::RecvError::Closed) = events.recv().await {
            return;
        }
    }
}

/// Follows the hints until the connection ends.
async fn listen(core: &Core, mut stream: ByteStream, last_id: &mut Option<String>) {
    let mut reader = Reader::default();
    while let Some(Ok(bytes)) = stream.next().await {
        for event in reader.read(&bytes) {
            if event.id.is_some() {
                *last_id = event.id;
            }
            match event.hint {
                Some(Hint::Feed) => {
                    logged(feed::sync(core).await);
                }
                Some(Hint::Catalogue) => fetch_catalogue(core).await,
                None => {}
            }
        }
    }
}

/// An event as it came.
#[derive(Debug, Default, PartialEq, Eq)]
struct Heard {
    id: Option<String>,
    hint: Option<Hint>,
}

/// Reads `text/event-stream` (HTML standard, §9.2.6) piece by piece, as far as hints need it.
#[derive(Default)]
struct Reader {
    line: Vec<u8>,
    heard: Heard,
    after_return: bool,
}

impl Reader {
    fn read(&mut self, bytes: &[u8]) -> Vec<Heard> {
        let mut events = Vec::new();
        for byte in bytes {
            let follows_return = std::mem::replace(&mut self.after_return, *byte == b'\r');
            match byte {
                b'\n' if follows_return => {}
                b'\n' | b'\r' => events.extend(self.end_line()),
                _ if self.line.len() < MAX_LINE_BYTES => self.line.push(*byte),
                _ => {}
            }
        }
        events
    }

    fn end_line(&mut self) -> Option<Heard> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            let heard = std::mem::take(&mut self.heard);
            return (heard != Heard::default()).then_some(heard);
        }
        let line = String::from_utf8_lossy(&line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.heard.hint = Hint::parse(value),
            "id" if value.bytes().all(|byte| byte.is_ascii_graphic()) => {
                self.heard.id = Some(value.to_owned());
            }
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(id: &str, hint: Hint) -> Heard {
        Heard {
            id: Some(id.to_owned()),
            hint: Some(hint),
        }
    }

    #[test]
    fn hints_are_read_however_they_are_cut() {
        let text =
            ": hello\n\nevent: feed\nid: 7\ndata:\n\nevent:catalogue\r\nid:8\r\n\r\nevent: new\n\n";
        let expected = [heard("7", Hint::Feed), heard("8", Hint::Catalogue)];
        for size in 1..text.len() {
            let mut reader = Reader::default();
            let read: Vec<Heard> = text
                .as_bytes()
                .chunks(size)
                .flat_map(|piece| reader.read(piece))
                .collect();
            assert_eq!(read, expected, "pieces of {size}");
        }
    }

    #[test]
    fn endless_lines_fill_no_memory() {
        let mut reader = Reader::default();
        reader.read(&vec![b'x'; 1 << 20]);
        assert!(reader.line.len() <= MAX_LINE_BYTES);
        assert_eq!(reader.read(b"\nevent: feed\n\n").len(), 1);
    }
}

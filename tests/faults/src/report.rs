//! What the run says.

use std::io::Write as _;

/// One line on standard error, where a client that is killed is not heard as done.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// One line on standard output. A reader that has gone needs none.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

//! What is printed for the person at the terminal.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

/// Prints a line; a closed pipe ends nothing.
pub(crate) fn say(line: impl Display) {
    let mut out = io::stdout().lock();
    let _closed = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Prints a line on standard error.
pub(crate) fn complain(line: impl Display) {
    let _closed = writeln!(io::stderr().lock(), "{line}");
}

/// Prints the heading of a stage.
pub(crate) fn stage(name: &str) {
    say(format_args!("\n== {name}"));
}

/// Rewrites the current line of a terminal.
pub(crate) fn show_progress(line: impl Display) {
    let mut out = io::stdout().lock();
    let _closed = write!(out, "\r\x1b[2K{line}").and_then(|()| out.flush());
}

/// Takes the progress line away.
pub(crate) fn clear_progress() {
    show_progress("");
}

/// Whether lines can be rewritten and questions asked.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal() && io::stdin().is_terminal()
}

/// Asks a question; anything but a yes is a no.
pub(crate) fn ask(question: &str) -> io::Result<bool> {
    let mut out = io::stdout().lock();
    write!(out, "{question} [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(
        answer.trim().to_lowercase().as_str(),
        "y" | "yes" | "д" | "да"
    ))
}

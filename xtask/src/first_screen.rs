//! Opens the app without anybody looking, and tells what its window shows.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::desktop_session::DesktopSession;
use crate::process::{self, Background, Output};
use crate::workspace;

const TIME_TO_LISTEN: Duration = Duration::from_secs(20);
const TIME_TO_SHOW: Duration = Duration::from_mins(2);
const TIME_TO_REPLY: Duration = Duration::from_mins(1);

/// The button that only the sign-in screen has.
const SIGN_IN: &str = "[data-testid=\"sign-in\"]";

/// What stood in the window.
pub(crate) struct FirstScreen {
    /// The heading.
    pub(crate) heading: String,
    /// The words of the sign-in button.
    pub(crate) button: String,
    /// A picture of the window, PNG.
    pub(crate) picture: PathBuf,
}

/// Starts the app through the web view's driver, waits for the sign-in screen and closes it again.
pub(crate) fn look(session: &DesktopSession, app: &Command, picture: &Path) -> Result<FirstScreen> {
    let port = free_port()?;
    let mut command = workspace::program("WebKitWebDriver");
    command.args(["--host=127.0.0.1", &format!("--port={port}")]);
    // The driver starts the app, which takes the driver's environment.
    command.envs(
        app.get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    command
        .env("TAURI_AUTOMATION", "true")
        .env("TAURI_WEBVIEW_AUTOMATION", "true");
    session.adopt(&mut command);
    let mut driver = Background::start("window", &mut command, Output::Log)?;
    driver.wait_until(TIME_TO_LISTEN, |_| {
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()
    })?;
    let window = Window::open(port, Path::new(app.get_program()))?;
    let button = driver.wait_until(TIME_TO_SHOW, |_| window.find(SIGN_IN).ok())?;
    photograph(session, picture)?;
    let seen = FirstScreen {
        heading: window.text(&window.find("h1")?)?,
        button: window.text(&button)?,
        picture: picture.to_owned(),
    };
    window.close()?;
    Ok(seen)
}

/// From the display: the driver's own pictures never come where there is no graphics card.
fn photograph(session: &DesktopSession, picture: &Path) -> Result<()> {
    let mut command = workspace::program("import");
    command.args(["-window", "root"]).arg(picture);
    session.adopt(&mut command);
    process::output(&mut command).map(drop)
}

/// The app's window as a session of the driver.
struct Window {
    port: u16,
    session: String,
}

impl Window {
    fn open(port: u16, program: &Path) -> Result<Self> {
        let options = json!({ "binary": program, "args": [] });
        let wanted = json!({ "alwaysMatch": { "webkitgtk:browserOptions": options } });
        let answer = ask(
            port,
            "POST",
            "/session",
            Some(&json!({ "capabilities": wanted })),
        )?;
        let session = answer["sessionId"]
            .as_str()
            .context("no session")?
            .to_owned();
        Ok(Self { port, session })
    }

    /// The id of the first element that the selector finds.
    fn find(&self, selector: &str) -> Result<String> {
        let question = json!({ "using": "css selector", "value": selector });
        let path = format!("/session/{}/element", self.session);
        let answer = ask(self.port, "POST", &path, Some(&question))?;
        let element = answer.as_object().and_then(|found| found.values().next());
        Ok(element
            .and_then(Value::as_str)
            .context("no element")?
            .to_owned())
    }

    fn text(&self, element: &str) -> Result<String> {
        let path = format!("/session/{}/element/{element}/text", self.session);
        let answer = ask(self.port, "GET", &path, None)?;
        Ok(answer.as_str().context("no text")?.to_owned())
    }

    fn close(self) -> Result<()> {
        ask(
            self.port,
            "DELETE",
            &format!("/session/{}", self.session),
            None,
        )
        .map(drop)
    }
}

/// One call of the driver; its `value`.
fn ask(port: u16, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(TIME_TO_REPLY))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut reply = String::new();
    stream
        .read_to_string(&mut reply)
        .with_context(|| format!("the driver gave no answer to {method} {path}"))?;
    let (head, body) = reply.split_once("\r\n\r\n").context("no reply")?;
    let value = serde_json::from_str::<Value>(body)?["value"].take();
    ensure!(
        head.starts_with("HTTP/1.1 200"),
        "the driver refused {method} {path}: {value}"
    );
    if value["error"].is_string() {
        bail!("the driver refused {method} {path}: {value}");
    }
    Ok(value)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

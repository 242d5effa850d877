//! The interface in real Chromium, over a real core behind the development bridge.

use std::fs;

use serde_json::{Value, json};
use thirtyfour::Capabilities;

use crate::{
    Failure, Result,
    browser::{SystemBrowser, wait_for_port},
    desktop::Desktop,
    free_port::free_port,
    page::Page,
    process::Process,
    products::{bridge_program, interface},
    window::Start,
};

/// A page of the interface in a Chromium of its own; both end when this is dropped.
#[derive(Debug)]
pub struct Bridge {
    page: Page,
    address: String,
    _viewer: Process,
    _core: Process,
}

impl Bridge {
    /// Starts the core and opens its interface.
    pub async fn open(desktop: &Desktop, browser: &SystemBrowser, start: &Start) -> Result<Self> {
        let (bridge, address) = start_bridge(desktop, browser, start).await?;
        let (driver, page) = start_viewer(desktop).await?;
        page.driver().goto(&address).await?;
        Ok(Self {
            page,
            address,
            _viewer: driver,
            _core: bridge,
        })
    }

    /// What the browser shows.
    #[must_use]
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// Goes to a place of the interface, as a link would.
    pub async fn go_to(&self, place: &str) -> Result<()> {
        self.page
            .ask("location.hash = arguments[0]", vec![json!(place)])
            .await?;
        Ok(())
    }

    /// Loads the interface anew.
    pub async fn reload(&self) -> Result<()> {
        Ok(self.page.driver().goto(&self.address).await?)
    }

    /// Calls a command of the core as the interface does.
    pub async fn invoke(&self, command: &str, request: Value) -> Result<Value> {
        let script = "const [name, request, done] = arguments;
            fetch('/ipc/' + name, { method: 'POST', body: JSON.stringify(request),
                headers: { 'content-type': 'application/json' } })
                .then(async (reply) => done([reply.status, await reply.text()]), (error) => done([0, String(error)]))";
        let reply = self
            .page
            .ask_later(script, vec![json!(command), request])
            .await?;
        let (status, body): (u16, String) = serde_json::from_value(reply)?;
        if status == 200 {
            let mut answer: Value = serde_json::from_str(&body)?;
            return Ok(answer["ok"].take());
        }
        Err(Failure::Refused {
            program: command.to_owned(),
            words: body,
        })
    }
}

async fn start_bridge(
    desktop: &Desktop,
    browser: &SystemBrowser,
    start: &Start,
) -> Result<(Process, String)> {
    let mut command = desktop.command(bridge_program()?);
    browser.announce(&mut command);
    start.tell(&mut command);
    command
        .args(["--listen", "127.0.0.1:0", "--dist"])
        .arg(interface());
    let mut bridge = Process::start("bridge", command, &desktop.logs())?;
    let address = address(&mut bridge).await?;
    Ok((bridge, address))
}

/// The address that a bridge says when it listens.
pub async fn address(bridge: &mut Process) -> Result<String> {
    let log = bridge.log().to_owned();
    bridge
        .until("the bridge", async || {
            let text = fs::read_to_string(&log)?;
            Ok(text
                .lines()
                .find(|line| line.starts_with("http://127.0.0.1:"))
                .map(|line| line.trim().to_owned()))
        })
        .await
}

async fn start_viewer(desktop: &Desktop) -> Result<(Process, Page)> {
    let port = free_port()?;
    let mut command = desktop.command("chromedriver");
    command.arg(format!("--port={port}"));
    let mut driver = Process::start("viewer", command, &desktop.logs())?;
    wait_for_port(&mut driver, port).await?;
    let mut capabilities = Capabilities::new();
    capabilities.set("browserName", "chrome")?;
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
    ];
    let profile = format!("--user-data-dir={}", desktop.path("viewer").display());
    let arguments: Vec<&str> = arguments.into_iter().chain([profile.as_str()]).collect();
    capabilities.set("goog:chromeOptions", json!({ "args": arguments }))?;
    let session = Page::open(port, capabilities).await?;
    Ok((driver, session))
}

//! The system browser of the private desktop: real Chromium, started by whoever opens an address.

use std::{fs, path::PathBuf, process::Command};

use serde_json::json;
use thirtyfour::Capabilities;

use crate::{
    Failure, Result,
    desktop::{Desktop, write_program},
    free_port::free_port,
    page::Page,
    process::{self, Process, output_of},
    wait,
};

/// Chromium as the desktop's browser. It ends when this is dropped.
#[derive(Debug)]
pub struct SystemBrowser {
    script: PathBuf,
    profile: PathBuf,
    running: PathBuf,
    driver: Option<Process>,
    port: u16,
}

const FLAGS: &[&str] = &[
    "--remote-debugging-port=0",
    "--no-sandbox",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
    "--password-store=basic",
    "--lang=ru",
    "--accept-lang=ru,en",
];

impl SystemBrowser {
    /// Makes Chromium the desktop's browser, trusting the portal's authority as a person would: by importing it.
    pub async fn install(desktop: &Desktop, authority: &std::path::Path) -> Result<Self> {
        let browser = Self {
            script: desktop.path("browser.sh"),
            profile: desktop.path("browser"),
            running: desktop.path("browser.pid"),
            driver: None,
            port: free_port()?,
        };
        write_program(&browser.script, &browser.starter())?;
        browser.register(desktop)?;
        trust(desktop, authority)?;
        browser.start_driver(desktop).await
    }

    /// Tells a program on the desktop which browser there is.
    pub fn announce(&self, command: &mut Command) {
        command.env("BROWSER", &self.script);
    }

    /// Waits until somebody opened an address, and returns the page.
    pub async fn page(&self) -> Result<Page> {
        let port_file = self.profile.join("DevToolsActivePort");
        let port = wait::until("the browser to open", wait::PATIENT, async || {
            Ok(fs::read_to_string(&port_file)
                .ok()
                .and_then(|text| text.lines().next()?.parse::<u16>().ok()))
        })
        .await?;
        let mut capabilities = Capabilities::new();
        capabilities.set("browserName", json!("chrome"))?;
        capabilities.set(
            "goog:chromeOptions",
            json!({ "debuggerAddress": format!("127.0.0.1:{port}") }),
        )?;
        Page::open(self.port, capabilities).await
    }

    /// Starts Chromium by itself with an address, as a person would from the desktop.
    pub fn open(&self, desktop: &Desktop, address: &str) -> Result<Process> {
        let mut command = desktop.command(&self.script);
        command.arg(address);
        Process::start("browser", command, &desktop.logs())
    }

    /// Goes on as another browser, which knows nothing of this one: that of another device, or of another person.
    pub fn become_another(&mut self, desktop: &Desktop, name: &str) -> Result<()> {
        self.close();
        self.profile = desktop.path(&format!("browser-{name}"));
        write_program(&self.script, &self.starter())
    }

    /// Closes the browser as a person does: what it is to remember is written.
    pub async fn quit(&self, page: Page) -> Result<()> {
        // It may end before it answers.
        let _ = page.driver().cdp().browser().close().await;
        let running = fs::read_to_string(&self.running)?;
        let id = running.trim().parse().unwrap_or(0);
        wait::until_true("the browser to end", wait::SOON, async || {
            Ok(process::program_of(id).is_none())
        })
        .await?;
        // The driver has nothing left to end.
        let _ = page.quit().await;
        self.close();
        Ok(())
    }

    /// Ends the browser without a warning.
    pub fn close(&self) {
        if let Some(id) = fs::read_to_string(&self.running)
            .ok()
            .and_then(|text| text.trim().parse().ok())
        {
            process::kill_group(id);
        }
        // The next start writes both anew.
        let _ = fs::remove_file(&self.running);
        let _ = fs::remove_file(self.profile.join("DevToolsActivePort"));
    }

    /// A second start hands its address to the first and ends: only the first is remembered.
    fn starter(&self) -> String {
        let running = self.running.display();
        format!(
            "#!/bin/sh\nexec setsid sh -c '[ -e \"{running}\" ] || echo $$ > \"{running}\"; exec chromium --user-data-dir=\"{}\" {} \"$1\"' - \"$1\"\n",
            self.profile.display(),
            FLAGS.join(" "),
        )
    }

    fn register(&self, desktop: &Desktop) -> Result<()> {
        let applications = desktop.path("data/applications");
        fs::create_dir_all(&applications)?;
        fs::write(
            applications.join("system-browser.desktop"),
            format!(
                "[Desktop Entry]\nType=Application\nName=Browser\nExec={} %u\nMimeType=x-scheme-handler/https;\n",
                self.script.display()
            ),
        )?;
        fs::write(
            desktop.path("config/mimeapps.list"),
            "[Default Applications]\nx-scheme-handler/https=system-browser.desktop\n",
        )?;
        Ok(())
    }

    async fn start_driver(mut self, desktop: &Desktop) -> Result<Self> {
        let mut command = desktop.command("chromedriver");
        command.arg(format!("--port={}", self.port));
        let mut driver = Process::start("chromedriver", command, &desktop.logs())?;
        wait_for_port(&mut driver, self.port).await?;
        self.driver = Some(driver);
        Ok(self)
    }
}

impl Drop for SystemBrowser {
    fn drop(&mut self) {
        self.close();
    }
}

/// Waits until a program accepts connections on a loopback port.
pub(crate) async fn wait_for_port(program: &mut Process, port: u16) -> Result<()> {
    program
        .until("a port", async || {
            let connected = tokio::net::TcpStream::connect(("127.0.0.1", port)).await;
            Ok(connected.ok().map(drop))
        })
        .await
}

/// Imports a certificate authority into the person's own store, as browsers on Linux read it.
fn trust(desktop: &Desktop, authority: &std::path::Path) -> Result<()> {
    let store = desktop.path("home/.pki/nssdb");
    fs::create_dir_all(&store).map_err(|source| Failure::File {
        path: store.clone(),
        source,
    })?;
    let store = format!("sql:{}", store.display());
    let mut make = desktop.command("certutil");
    make.args(["-d", &store, "-N", "--empty-password"]);
    output_of(make)?;
    let mut import = desktop.command("certutil");
    import
        .args(["-d", &store, "-A", "-t", "C,,", "-n", "portal", "-i"])
        .arg(authority);
    output_of(import).map(drop)
}

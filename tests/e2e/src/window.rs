//! The app in its real window, driven through `tauri-driver` and that of `WebKitGTK`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use thirtyfour::Capabilities;

use crate::{
    Failure, Result,
    browser::{SystemBrowser, wait_for_port},
    desktop::Desktop,
    free_port::free_port,
    page::Page,
    process::{self, Process, output_of},
    products::Products,
    wait,
};

/// What the app is started with.
#[derive(Debug, Clone)]
pub struct Start {
    /// Where it keeps its stores.
    pub profile: PathBuf,
    /// The portal's address.
    pub portal: String,
    /// The portal's certificate authority.
    pub authority: PathBuf,
}

impl Start {
    /// Hands it over in the environment.
    pub fn tell(&self, command: &mut std::process::Command) {
        command
            .env("UC_PROFILE_DIR", &self.profile)
            .env("UC_PORTAL_URL", &self.portal)
            .env("UC_PORTAL_CA", &self.authority)
            .env("UC_PORTAL_DEMO", "1");
    }
}

/// The app's window; the app ends when it is dropped.
#[derive(Debug)]
pub struct Window {
    page: Page,
    driver: Process,
    app: PathBuf,
}

impl Window {
    /// Starts the app and waits for its window.
    pub async fn open(
        desktop: &Desktop,
        products: &Products,
        browser: &SystemBrowser,
        start: &Start,
    ) -> Result<Self> {
        let (port, native_port) = (free_port()?, free_port()?);
        let mut command = desktop.command(&products.driver);
        browser.announce(&mut command);
        start.tell(&mut command);
        command
            .arg("--port")
            .arg(port.to_string())
            .arg("--native-port")
            .arg(native_port.to_string());
        let mut driver = Process::start("window", command, &desktop.logs())?;
        wait_for_port(&mut driver, native_port).await?;
        wait_for_port(&mut driver, port).await?;
        let session = Page::open(port, capabilities(products)?).await?;
        Ok(Self {
            page: session,
            driver,
            app: products.app.clone(),
        })
    }

    /// What it shows.
    #[must_use]
    pub fn page(&self) -> &Page {
        &self.page
    }

    /// Closes the window; the app ends.
    pub async fn close(self) -> Result<()> {
        let app = self.app_process()?;
        // The driver may end the app before it answers.
        let _ = self.page.clone().quit().await;
        wait_for_end(app).await
    }

    /// Ends the app without a warning (SIGKILL), and its web processes with it.
    pub async fn kill(self) -> Result<()> {
        let app = self.app_process()?;
        process::kill_one(app);
        wait_for_end(app).await
    }

    /// The app's process id.
    pub fn app_process(&self) -> Result<u32> {
        process::descendants(self.driver.id())?
            .into_iter()
            .find(|id| {
                process::program_of(*id).is_some_and(|program| same_file(&program, &self.app))
            })
            .ok_or_else(|| Failure::Ended {
                program: "the app".into(),
                log: self.driver.log().to_owned(),
            })
    }

    /// Calls a command of the app as its interface does.
    pub async fn invoke(&self, command: &str, request: Value) -> Result<Value> {
        let script = "const [name, request, done] = arguments;
            window.__TAURI_INTERNALS__.invoke(name, { request }).then(
                (answer) => done({ answer }), (error) => done({ error }))";
        let reply = self
            .page
            .ask_later(script, vec![json!(command), request])
            .await?;
        match reply.get("answer") {
            Some(answer) => Ok(answer.clone()),
            None => Err(Failure::Refused {
                program: command.to_owned(),
                words: reply.to_string(),
            }),
        }
    }

    /// Writes what the window shows, as the display has it. The driver takes none without a graphics device.
    pub async fn photograph(&self, desktop: &Desktop, target: &Path) -> Result<()> {
        let script = "return [innerWidth, innerHeight, screenX, screenY].map(Math.round)";
        let place = self.page.ask(script, vec![]).await?;
        let [width, height, x, y]: [i32; 4] = serde_json::from_value(place)?;
        let part = format!("{width}x{height}+{}+{}", x.max(0), y.max(0));
        let mut last = Vec::new();
        for _ in 0..MOST_PICTURES {
            picture(desktop, &["-crop", &part, "+repage"], target)?;
            let now = std::fs::read(target)?;
            if now == last {
                break;
            }
            last = now;
        }
        Ok(())
    }

    /// Writes what the whole display shows: windows and notifications.
    pub fn photograph_display(desktop: &Desktop, target: &Path) -> Result<()> {
        picture(desktop, &[], target)
    }
}

/// What is painted may lag behind what the page knows: a picture is good when the next is the same. A blinking cursor
/// never is.
const MOST_PICTURES: usize = 4;

fn picture(desktop: &Desktop, options: &[&str], target: &Path) -> Result<()> {
    let mut command = desktop.command("import");
    command
        .args(["-window", "root"])
        .args(options)
        // No time in the file, so that equal pictures are equal files.
        .args(["-strip", "-define", "png:exclude-chunks=date,time"])
        .arg(target);
    output_of(command).map(drop)
}

fn capabilities(products: &Products) -> Result<Capabilities> {
    let mut capabilities = Capabilities::new();
    capabilities.set("browserName", json!("wry"))?;
    capabilities.set("tauri:options", json!({ "application": products.app }))?;
    Ok(capabilities)
}

fn same_file(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    real(one) == real(other)
}

async fn wait_for_end(id: u32) -> Result<()> {
    wait::until_true("the app to end", wait::SOON, async || {
        Ok(process::program_of(id).is_none())
    })
    .await
}

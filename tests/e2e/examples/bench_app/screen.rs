//! What the display shows, and keys that are pressed on it.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use tokio::time::sleep;
use x11rb::{
    connection::Connection as _,
    protocol::{
        xproto::{self, ConnectionExt as _, ImageFormat, InputFocus},
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
};

/// The middle of the display: no window's frame or title lies in it.
const PART: Part = Part {
    x: 420,
    y: 180,
    width: 800,
    height: 560,
};
/// Colours that text alone has, with its soft edges. A blank window has one.
const TEXT: usize = 12;
/// How often is looked.
const GLANCE: Duration = Duration::from_millis(4);
/// What does not change for so long is finished.
const STILL: Duration = Duration::from_millis(350);
/// One in so many bytes differs where another screen stands.
const ANOTHER: usize = 20;
/// The longest that anything may take.
const PATIENCE: Duration = Duration::from_mins(1);

struct Part {
    x: i16,
    y: i16,
    width: u16,
    height: u16,
}

/// A connection to the display.
pub(crate) struct Screen {
    x: RustConnection,
    root: u32,
}

impl Screen {
    pub(crate) fn open(display: &str) -> Result<Self> {
        let (x, number) = x11rb::connect(Some(display))?;
        let root = x.setup().roots[number].root;
        Ok(Self { x, root })
    }

    fn part(&self) -> Result<Vec<u8>> {
        let Part {
            x,
            y,
            width,
            height,
        } = PART;
        let image =
            (self.x).get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, !0)?;
        Ok(image.reply()?.data)
    }

    /// Waits until there is text, and says when.
    pub(crate) async fn text(&self) -> Result<Instant> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let seen = colours(&self.part()?);
            if seen >= TEXT {
                return Ok(Instant::now());
            }
            sleep(GLANCE).await;
        }
        bail!("nothing was painted")
    }

    /// Waits until nothing is shown any more.
    pub(crate) async fn empty(&self) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if colours(&self.part()?) == 1 {
                return Ok(());
            }
            sleep(GLANCE).await;
        }
        bail!("a window stays")
    }

    /// Waits until what changes stands still, and says when it changed last; `None` when nothing did.
    pub(crate) async fn settled(&self) -> Result<Option<Instant>> {
        let begun = Instant::now();
        let (mut last, mut changed) = (self.part()?, None);
        let mut since = Instant::now();
        while since.elapsed() < STILL && begun.elapsed() < PATIENCE {
            sleep(GLANCE).await;
            let now = self.part()?;
            if now != last {
                since = Instant::now();
                (last, changed) = (now, Some(since));
            }
        }
        Ok(changed)
    }

    /// Waits until another screen stands there and stands still, and says when it changed last.
    pub(crate) async fn turned(&self) -> Result<Instant> {
        let begun = Instant::now();
        let before = self.part()?;
        while begun.elapsed() < PATIENCE {
            let now = self.part()?;
            let differing = before.iter().zip(&now).filter(|(one, other)| one != other);
            if differing.count() > before.len() / ANOTHER {
                let turned = Instant::now();
                return Ok(self.settled().await?.unwrap_or(turned));
            }
            sleep(GLANCE).await;
        }
        bail!("the screen stays")
    }

    /// Gives the keys to the window in the middle, as a window manager would.
    pub(crate) fn focus(&self) -> Result<()> {
        let (x, y) = (PART.x + 1, PART.y + 1);
        self.x
            .warp_pointer(x11rb::NONE, self.root, 0, 0, 0, 0, x, y)?;
        let window = self.x.query_pointer(self.root)?.reply()?.child;
        ensure!(window != x11rb::NONE, "no window stands in the middle");
        self.x
            .set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?;
        Ok(self.x.flush()?)
    }

    /// Presses keys one after the other, by their names on a keyboard with Latin letters.
    pub(crate) fn press(&self, keys: &str) -> Result<()> {
        for key in keys.chars() {
            self.press_key(key)?;
        }
        Ok(())
    }

    /// Presses a key, and says when.
    pub(crate) fn press_key(&self, key: char) -> Result<Instant> {
        let code = code(key).with_context(|| format!("no key for {key:?}"))?;
        let at = Instant::now();
        for kind in [xproto::KEY_PRESS_EVENT, xproto::KEY_RELEASE_EVENT] {
            self.x.xtest_fake_input(kind, code, 0, self.root, 0, 0, 0)?;
        }
        self.x.flush()?;
        Ok(at)
    }
}

fn colours(pixels: &[u8]) -> usize {
    let mut seen = HashSet::new();
    for pixel in pixels.chunks_exact(4) {
        seen.insert([pixel[0], pixel[1], pixel[2]]);
        if seen.len() >= TEXT {
            break;
        }
    }
    seen.len()
}

/// Where the keys lie on the display's own keyboard: by rows.
fn code(key: char) -> Option<u8> {
    const ROWS: [(u8, &str); 4] = [
        (10, "1234567890"),
        (24, "qwertyuiop"),
        (38, "asdfghjkl"),
        (52, "zxcvbnm"),
    ];
    match key {
        '\n' => return Some(36),
        '\t' => return Some(23),
        '/' => return Some(61),
        '\u{8}' => return Some(22),
        _ => {}
    }
    ROWS.iter().find_map(|(first, row)| {
        let place = row.chars().position(|known| known == key)?;
        Some(first + u8::try_from(place).ok()?)
    })
}

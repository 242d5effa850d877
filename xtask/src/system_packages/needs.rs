//! What the system must have, for what, and how each package manager calls it.

use super::manager::Manager;

/// What a thing is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Building the app, the portal and the frontend.
    Build,
    /// A window without a display.
    Headless,
    /// Steering the real window.
    WindowDriver,
    /// The tests of the real window and the browser.
    WindowTests,
    /// The judges that others wrote: providers and clients of sign-in.
    Judges,
    /// What others wrote, to measure beside.
    Peers,
    /// Resources of Windows programs, checked from another system.
    WindowsResources,
    /// The browsers' store of authorities.
    BrowserTrust,
}

/// How it is found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Probe {
    /// A program in the path.
    Program(&'static str),
    /// A library that pkg-config knows.
    Library(&'static str),
    /// A C and C++ compiler with headers, and make.
    CCompiler,
    /// A module of the Python that the system's own packages are for.
    SystemPythonModule(&'static str),
    /// A Python that can make environments: some systems keep that part apart.
    PythonEnvironments,
    /// The accessibility bus, which lies outside the path.
    AccessibilityBus,
    /// A font with Russian letters.
    CyrillicFont,
    /// PostgreSQL's server, which some systems keep outside the path.
    PostgresServer,
}

/// One thing the system must have.
#[derive(Debug)]
pub(super) struct Need {
    pub(super) what: &'static str,
    pub(super) why: &'static str,
    pub(super) purpose: Purpose,
    pub(super) probe: Probe,
    linux_only: bool,
    apt: &'static [&'static str],
    dnf: &'static [&'static str],
    pacman: &'static [&'static str],
    brew: &'static [&'static str],
    winget: &'static [&'static str],
}

impl Need {
    /// Whether this system needs it at all.
    pub(super) fn on_this_system(&self) -> bool {
        cfg!(target_os = "linux") || !self.linux_only
    }

    /// The manager's names for it.
    pub(super) fn packages(&self, manager: Manager) -> &'static [&'static str] {
        match manager {
            Manager::Apt => self.apt,
            Manager::Dnf => self.dnf,
            Manager::Pacman => self.pacman,
            Manager::Brew => self.brew,
            Manager::Winget => self.winget,
        }
    }

    const fn linux(
        what: &'static str,
        why: &'static str,
        purpose: Purpose,
        probe: Probe,
        [apt, dnf, pacman]: [&'static [&'static str]; 3],
    ) -> Self {
        Self {
            what,
            why,
            purpose,
            probe,
            linux_only: true,
            apt,
            dnf,
            pacman,
            brew: &[],
            winget: &[],
        }
    }

    const fn everywhere(
        mut self,
        brew: &'static [&'static str],
        winget: &'static [&'static str],
    ) -> Self {
        self.linux_only = false;
        self.brew = brew;
        self.winget = winget;
        self
    }
}

use Probe::{
    AccessibilityBus, CCompiler, CyrillicFont, Library, PostgresServer, Program,
    PythonEnvironments, SystemPythonModule,
};
use Purpose::{
    BrowserTrust, Build, Headless, Judges, Peers, WindowDriver, WindowTests, WindowsResources,
};

/// Everything, in the order in which it is checked: pkg-config before the libraries it finds.
pub(super) const ALL: &[Need] = &[
    Need::linux(
        "C compiler",
        "SQLCipher is C code, built with the app",
        Build,
        CCompiler,
        [
            &["build-essential"],
            &["gcc", "gcc-c++", "make"],
            &["base-devel"],
        ],
    ),
    Need::linux(
        "pkg-config",
        "finds the system's libraries",
        Build,
        Program("pkg-config"),
        [&["pkg-config"], &["pkgconf-pkg-config"], &["pkgconf"]],
    ),
    Need::linux(
        "WebKitGTK 4.1",
        "shows the window",
        Build,
        Library("webkit2gtk-4.1"),
        [
            &["libwebkit2gtk-4.1-dev"],
            &["webkit2gtk4.1-devel"],
            &["webkit2gtk-4.1"],
        ],
    ),
    Need::linux(
        "D-Bus library",
        "reaches the keyring and the notifications",
        Build,
        Library("dbus-1"),
        [&["libdbus-1-dev"], &["dbus-devel"], &["dbus"]],
    ),
    Need::linux(
        "OpenSSL library",
        "SQLCipher takes its ciphers from it",
        Build,
        Library("openssl"),
        [&["libssl-dev"], &["openssl-devel"], &["openssl"]],
    ),
    Need::linux(
        "npm",
        "brings styles, fonts and icons of the interface",
        Build,
        Program("npm"),
        [&["nodejs", "npm"], &["nodejs", "npm"], &["nodejs", "npm"]],
    )
    .everywhere(&["node"], &["OpenJS.NodeJS.LTS"]),
    Need::linux(
        "Xvfb",
        "a display in memory",
        Headless,
        Program("Xvfb"),
        [&["xvfb"], &["xorg-x11-server-Xvfb"], &["xorg-server-xvfb"]],
    ),
    Need::linux(
        "xauth",
        "keeps other users out of that display",
        Headless,
        Program("xauth"),
        [&["xauth"], &["xorg-x11-xauth"], &["xorg-xauth"]],
    ),
    Need::linux(
        "D-Bus daemon",
        "a private session bus",
        Headless,
        Program("dbus-daemon"),
        [&["dbus", "dbus-x11"], &["dbus-daemon"], &["dbus"]],
    ),
    Need::linux(
        "GNOME Keyring",
        "keeps the session's tokens",
        Headless,
        Program("gnome-keyring-daemon"),
        [&["gnome-keyring"], &["gnome-keyring"], &["gnome-keyring"]],
    ),
    Need::linux(
        "font with Russian letters",
        "pages of the portal in the browser",
        Headless,
        CyrillicFont,
        [
            &["fontconfig", "fonts-dejavu-core"],
            &["dejavu-sans-fonts"],
            &["ttf-dejavu"],
        ],
    ),
    Need::linux(
        "WebKit's driver",
        "steers the window and tells what it shows",
        WindowDriver,
        Program("WebKitWebDriver"),
        [
            &["webkit2gtk-driver"],
            &["webkit2gtk4.1"],
            &["webkit2gtk-4.1"],
        ],
    ),
    Need::linux(
        "secret-tool",
        "looks into the keyring",
        WindowTests,
        Program("secret-tool"),
        [&["libsecret-tools"], &["libsecret"], &["libsecret"]],
    ),
    Need::linux(
        "dunst",
        "receives the notifications",
        WindowTests,
        Program("dunst"),
        [&["dunst"], &["dunst"], &["dunst"]],
    ),
    Need::linux(
        "gdbus",
        "asks the session bus who is there",
        WindowTests,
        Program("gdbus"),
        [&["libglib2.0-bin"], &["glib2"], &["glib2"]],
    ),
    Need::linux(
        "dbus-monitor",
        "reads the notifications on the bus",
        WindowTests,
        Program("dbus-monitor"),
        [&["dbus-bin"], &["dbus-tools"], &["dbus"]],
    ),
    Need::linux(
        "xdotool",
        "presses keys in the window",
        WindowTests,
        Program("xdotool"),
        [&["xdotool"], &["xdotool"], &["xdotool"]],
    ),
    Need::linux(
        "ImageMagick",
        "takes screenshots",
        Headless,
        Program("import"),
        [&["imagemagick"], &["ImageMagick"], &["imagemagick"]],
    ),
    Need::linux(
        "Chromium",
        "stands for the system browser",
        WindowTests,
        Program("chromium"),
        [&["chromium"], &["chromium"], &["chromium"]],
    ),
    Need::linux(
        "ChromeDriver",
        "steers that browser",
        WindowTests,
        Program("chromedriver"),
        [&["chromium-driver"], &["chromedriver"], &["chromium"]],
    ),
    Need::linux(
        "accessibility bus",
        "tells what a screen reader would hear",
        WindowTests,
        AccessibilityBus,
        [&["at-spi2-core"], &["at-spi2-core"], &["at-spi2-core"]],
    ),
    Need::linux(
        "certutil",
        "gives the portal's authority to the browser",
        BrowserTrust,
        Program("certutil"),
        [&["libnss3-tools"], &["nss-tools"], &["nss"]],
    ),
    Need::linux(
        "Python with environments",
        "runs a client of sign-in that others wrote",
        Judges,
        PythonEnvironments,
        [&["python3", "python3-venv"], &["python3"], &["python"]],
    )
    .everywhere(&["python"], &["Python.Python.3.13"]),
    Need::linux(
        "python-dbusmock",
        "plays the desktop's services for the app",
        Judges,
        SystemPythonModule("dbusmock"),
        [
            &["python3-dbusmock", "dbus"],
            &["python3-dbusmock", "dbus-daemon"],
            &["python-dbusmock", "dbus"],
        ],
    ),
    Need::linux(
        "PostgreSQL",
        "searches the same catalogue, to measure beside",
        Peers,
        PostgresServer,
        [&["postgresql"], &["postgresql-server"], &["postgresql"]],
    ),
    Need::linux(
        "llvm-rc",
        "compiles the resources of the Windows program",
        WindowsResources,
        Program("llvm-rc"),
        [&["llvm"], &["llvm"], &["llvm"]],
    )
    .everywhere(&["llvm"], &["LLVM.LLVM"]),
];

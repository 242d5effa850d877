//! The system's package managers.

use crate::workspace;

/// A package manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manager {
    /// Debian, Ubuntu and what is made of them.
    Apt,
    /// Fedora and its kin.
    Dnf,
    /// Arch and its kin.
    Pacman,
    /// macOS.
    Brew,
    /// Windows.
    Winget,
}

impl Manager {
    /// The manager of this machine.
    pub(crate) fn find() -> Option<Self> {
        [Self::Apt, Self::Dnf, Self::Pacman, Self::Brew, Self::Winget]
            .into_iter()
            .find(|manager| workspace::has_program(manager.name()))
    }

    /// Its program.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Apt => "apt-get",
            Self::Dnf => "dnf",
            Self::Pacman => "pacman",
            Self::Brew => "brew",
            Self::Winget => "winget",
        }
    }

    /// Whether only the administrator may install.
    pub(crate) fn needs_root(self) -> bool {
        match self {
            Self::Apt | Self::Dnf | Self::Pacman => true,
            Self::Brew | Self::Winget => false,
        }
    }

    /// The commands that install the packages without asking.
    pub(crate) fn install<'a>(self, packages: &[&'a str]) -> Vec<Vec<&'a str>> {
        let with = |words: &[&'a str]| [words, packages].concat();
        match self {
            Self::Apt => vec![
                vec!["apt-get", "update"],
                with(&["apt-get", "install", "-y", "--no-install-recommends"]),
            ],
            Self::Dnf => vec![with(&["dnf", "install", "-y"])],
            Self::Pacman => vec![with(&["pacman", "-S", "--needed", "--noconfirm"])],
            Self::Brew => vec![with(&["brew", "install"])],
            // winget takes one package a call.
            Self::Winget => packages.iter().map(|package| winget(package)).collect(),
        }
    }
}

fn winget(package: &str) -> Vec<&str> {
    vec![
        "winget",
        "install",
        "--accept-package-agreements",
        "--accept-source-agreements",
        "-e",
        "--id",
        package,
    ]
}

//! `fresh-machine`: the first command of the README on a system that has nothing.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::{cache, process, report, workspace};

/// What a fresh machine has by our README: git, a linker and what rustup itself needs.
const GIVEN_PACKAGES: &str = "ca-certificates,git,gcc,libc6-dev";
const SUITE: &str = "bookworm";

/// The way to the network: names, and the authorities that this machine trusts.
const WAY_OUT: [&str; 3] = ["/etc/resolv.conf", "/etc/hosts", CERTIFICATES];
const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Where things lie inside the tree.
const CARGO: &str = "/opt/cargo";
const SOURCE: &str = "/opt/source";

/// Tries `run --headless --yes` in a minimal Debian tree that has rustup's Rust, git and a linker.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask fresh-machine                    everything; log in target/fresh-machine.log
  cargo xtask fresh-machine --only-bootstrap   make the tree and stop

Needs root, Debian's debootstrap, and takes as long as a first build. The toolchain of this machine is lent to the
tree; the source is a clone of the last commit. Caches of this machine are not lent.")]
pub(crate) struct Options {
    /// Make the tree and stop
    #[arg(long)]
    only_bootstrap: bool,
    /// Where the tree lies; it is made once and reused
    #[arg(long, value_name = "FOLDER")]
    tree: Option<PathBuf>,
    /// The Debian mirror; without it, the one that this machine uses
    #[arg(long, value_name = "URL")]
    mirror: Option<String>,
    /// The verb that is tried
    #[arg(last = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    ensure!(
        workspace::has_program("debootstrap"),
        "install debootstrap first (Debian, as root)"
    );
    let folder = options
        .tree
        .clone()
        .unwrap_or_else(|| cache::dir().join("fresh-machine"));
    let mirror = match &options.mirror {
        Some(mirror) => mirror.clone(),
        None => own_mirror()?,
    };
    bootstrap(&folder, &mirror)?;
    if options.only_bootstrap {
        report::say(format_args!("The tree is {}", folder.display()));
        return Ok(());
    }
    copy_source(&folder)?;
    let _mounts = Mounts::lend(&folder)?;
    try_verb(&folder, &options.arguments)
}

/// The first archive in this machine's own lists, in either of apt's two notations.
fn own_mirror() -> Result<String> {
    let lists = fs::read_dir("/etc/apt/sources.list.d")?
        .flatten()
        .map(|entry| entry.path());
    lists
        .chain([PathBuf::from("/etc/apt/sources.list")])
        .filter_map(|list| fs::read_to_string(list).ok())
        .find_map(|text| text.lines().find_map(archive))
        .context("no archive in apt's lists: name one with --mirror")
}

fn archive(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let is_archive = matches!(words.next(), Some("URIs:" | "deb"));
    is_archive
        .then(|| words.find(|word| word.ends_with("/debian")))
        .flatten()
        .map(str::to_owned)
}

/// A pristine tree is kept beside, so that each trial begins with nothing installed.
fn bootstrap(folder: &Path, mirror: &str) -> Result<()> {
    let pristine = folder.with_extension("pristine");
    if !pristine.join("etc/debian_version").exists() {
        remove_tree(&pristine)?;
        let unfinished = folder.with_extension("unfinished");
        remove_tree(&unfinished)?;
        let mut command = workspace::program("debootstrap");
        command.args([
            "--variant=minbase",
            &format!("--include={GIVEN_PACKAGES}"),
            SUITE,
        ]);
        process::run_quietly("debootstrap", command.arg(&unfinished).arg(mirror))?;
        fs::rename(&unfinished, &pristine)?;
    }
    remove_tree(folder)?;
    let mut copy = workspace::program("cp");
    process::run_quietly(
        "copying the tree",
        copy.arg("-a").arg(&pristine).arg(folder),
    )?;
    let lists = format!(
        "deb {mirror} {SUITE} main\ndeb {mirror} {SUITE}-updates main\n\
         deb {mirror}-security {SUITE}-security main\n"
    );
    fs::write(folder.join("etc/apt/sources.list"), lists)?;
    for file in WAY_OUT {
        fs::copy(file, folder.join(file.trim_start_matches('/')))?;
    }
    Ok(())
}

/// Never through a mount that a stopped trial left behind.
fn remove_tree(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let mounts = fs::read_to_string("/proc/mounts")?;
    let inside = format!(" {}/", folder.display());
    ensure!(
        !mounts.contains(&inside),
        "something is mounted below {}",
        folder.display()
    );
    Ok(fs::remove_dir_all(folder)?)
}

fn copy_source(folder: &Path) -> Result<()> {
    let target = folder.join(SOURCE.trim_start_matches('/'));
    let mut clone = workspace::program("git");
    clone
        .args(["clone", "--quiet", "--no-hardlinks"])
        .arg(workspace::root())
        .arg(target);
    process::run_quietly("cloning the last commit", &mut clone)
}

/// What the machine lends: the kernel's folders and the Rust toolchain. Unmounted in the reverse order.
struct Mounts(Vec<PathBuf>);

impl Mounts {
    fn lend(folder: &Path) -> Result<Self> {
        let cargo = toolchain_home("CARGO_HOME", ".cargo").join("bin");
        let mut mounts = Self(Vec::new());
        for (from, to, options) in [
            (Path::new("/proc"), "/proc".to_owned(), "bind"),
            (Path::new("/dev"), "/dev".to_owned(), "rbind"),
            (Path::new("/sys"), "/sys".to_owned(), "bind,ro"),
            (&cargo, format!("{CARGO}/bin"), "bind,ro"),
        ] {
            mounts.add(from, &folder.join(to.trim_start_matches('/')), options)?;
        }
        mounts.lend_toolchain(folder)?;
        Ok(mounts)
    }

    /// At the same path, since links among toolchains are absolute; what the trial writes stays in the tree.
    fn lend_toolchain(&mut self, folder: &Path) -> Result<()> {
        let rustup = toolchain_home("RUSTUP_HOME", ".rustup");
        let to = folder.join(rustup.strip_prefix("/")?);
        let (written, work) = (folder.join("opt/written"), folder.join("opt/work"));
        for place in [&to, &written, &work] {
            fs::create_dir_all(place)?;
        }
        let layers = format!(
            "lowerdir={},upperdir={},workdir={}",
            rustup.display(),
            written.display(),
            work.display()
        );
        let mut mount = workspace::program("mount");
        mount
            .args(["-t", "overlay", "overlay", "-o", &layers])
            .arg(&to);
        process::output(&mut mount)?;
        self.0.push(to);
        Ok(())
    }

    fn add(&mut self, from: &Path, to: &Path, options: &str) -> Result<()> {
        fs::create_dir_all(to)?;
        let mut command = workspace::program("mount");
        process::output(command.args(["-o", options]).arg(from).arg(to))?;
        self.0.push(to.to_owned());
        if options == "rbind" {
            // Unmounting ours must not reach the machine's own.
            process::output(workspace::program("mount").arg("--make-rslave").arg(to))?;
        }
        Ok(())
    }
}

impl Drop for Mounts {
    fn drop(&mut self) {
        for place in self.0.iter().rev() {
            if !process::succeeds(workspace::program("umount").args(["-R", "-l"]).arg(place)) {
                report::complain(format_args!("left mounted: {}", place.display()));
            }
        }
    }
}

fn toolchain_home(variable: &str, below_home: &str) -> PathBuf {
    env::var_os(variable).map_or_else(|| cache::home().join(below_home), PathBuf::from)
}

/// Nothing of this machine's environment goes along but the way to the network.
fn try_verb(folder: &Path, arguments: &[String]) -> Result<()> {
    let wanted = if arguments.is_empty() {
        "run --headless --yes".to_owned()
    } else {
        arguments.join(" ")
    };
    let mut command = Command::new("chroot");
    command
        .arg(folder)
        .args(["/usr/bin/env", "-i", "HOME=/root", "LANG=C.UTF-8"]);
    command
        .arg(format!(
            "RUSTUP_HOME={}",
            toolchain_home("RUSTUP_HOME", ".rustup").display()
        ))
        .arg(format!("CARGO_HOME={CARGO}"))
        .arg(format!("PATH={CARGO}/bin:/usr/sbin:/usr/bin:/sbin:/bin"))
        .arg(format!("SSL_CERT_FILE={CERTIFICATES}"))
        .arg(format!("NODE_EXTRA_CA_CERTS={CERTIFICATES}"));
    for name in [
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "no_proxy",
        "NO_PROXY",
    ] {
        if let Ok(value) = env::var(name) {
            command.arg(format!("{name}={value}"));
        }
    }
    command.args([
        "sh",
        "-c",
        &format!("cd {SOURCE} && exec cargo xtask {wanted}"),
    ]);
    let log = workspace::root().join("target").join("fresh-machine.log");
    let told = process::run_quietly("fresh machine", &mut command);
    let kept = cache::working_dir().join("logs").join("fresh-machine.log");
    fs::copy(&kept, &log).context("the trial has a log")?;
    report::say(format_args!("The log is {}", log.display()));
    told
}

#[cfg(test)]
mod tests {
    use super::archive;

    #[test]
    fn archives_are_found_in_both_notations() {
        let found = Some("http://mirror.example/debian".to_owned());
        assert_eq!(archive("URIs: http://mirror.example/debian"), found);
        assert_eq!(
            archive("deb [signed-by=/k] http://mirror.example/debian bookworm main"),
            found
        );
        assert_eq!(
            archive("# deb http://mirror.example/debian bookworm main"),
            None
        );
        assert_eq!(archive("Suites: bookworm"), None);
        assert_eq!(
            archive("deb https://mirror.example/node_20.x nodistro main"),
            None
        );
    }
}

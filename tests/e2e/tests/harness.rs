//! The tools of the end-to-end tests catch what they are for, before the product is tried with them.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    process::Stdio,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use uc_e2e::{
    browser::SystemBrowser,
    desktop::Desktop,
    fault_proxy::FaultProxy,
    keyring, notifications,
    portal::Portal,
    process::{Process, output_of},
    products, wait,
};

fn local(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

#[tokio::test]
async fn a_notification_is_read_back_and_clicked() {
    let desktop = Desktop::start(None).await.unwrap();
    let mut monitor = desktop.command("dbus-monitor");
    monitor.args(["--session", "interface='org.freedesktop.Notifications'"]);
    let monitor = Process::start("monitor", monitor, &desktop.logs()).unwrap();
    let heard = || fs::read_to_string(monitor.log()).unwrap();
    wait::until_true("the monitor", wait::SOON, async || {
        Ok(heard().contains("NameAcquired"))
    })
    .await
    .unwrap();
    let mut send = desktop.command("gdbus");
    send.args([
        "call",
        "--session",
        "--dest",
        "org.freedesktop.Notifications",
    ]);
    send.args(["--object-path", "/org/freedesktop/Notifications"]);
    send.args(["--method", "org.freedesktop.Notifications.Notify"]);
    send.args(["harness", "0", "", "Заголовок", "Две\nстроки"]);
    send.args(["['default', 'Open']", "{}", "0"]);
    output_of(send).unwrap();

    let shown = notifications::next(&desktop, 0, wait::SOON).await.unwrap();
    assert_eq!(shown.sender, "harness");
    assert_eq!(shown.summary, "Заголовок");
    assert_eq!(shown.body, "Две\nстроки");

    notifications::click_newest(&desktop).unwrap();
    wait::until_true("the click", wait::SOON, async || {
        Ok(heard().contains("member=ActionInvoked"))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn what_lies_in_the_keyring_is_found() {
    let desktop = Desktop::start(None).await.unwrap();
    assert_eq!(keyring::items(&desktop).unwrap(), []);
    let mut store = desktop.command("sh");
    store.args([
        "-c",
        "printf planted | secret-tool store --label=item service harness user one",
    ]);
    output_of(store).unwrap();
    let items = keyring::items(&desktop).unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].attribute("user"), Some("one"));
    assert!(items[0].contents.contains("planted"));
}

#[tokio::test]
async fn programs_end_with_the_desktop() {
    let desktop = Desktop::start(None).await.unwrap();
    let mut sleeper = desktop.command("sh");
    sleeper.args(["-c", "sleep 600 & echo $! > child; wait"]);
    sleeper.current_dir(desktop.folder()).stdin(Stdio::null());
    let mut parent = Process::start("sleeper", sleeper, &desktop.logs()).unwrap();
    let file = desktop.path("child");
    let child: u32 = parent
        .until("a child", async || {
            Ok(fs::read_to_string(&file)
                .ok()
                .and_then(|text| text.trim().parse().ok()))
        })
        .await
        .unwrap();
    assert!(uc_e2e::process::program_of(child).is_some());
    parent.kill();
    wait::until_true("the child to end", wait::SOON, async || {
        Ok(uc_e2e::process::program_of(child).is_none())
    })
    .await
    .unwrap();
    let folder = desktop.folder().to_owned();
    drop(desktop);
    assert!(!folder.exists());
}

/// Answers each line with its number.
async fn counting_server() -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(local(0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        let mut count = 0u8;
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut byte = [0];
            while stream.read(&mut byte).await.unwrap_or(0) == 1 {
                count += 1;
                stream.write_all(&[count]).await.expect("the asker listens");
            }
        }
    });
    Ok(address)
}

async fn ask(stream: &mut TcpStream) -> std::io::Result<u8> {
    stream.write_all(b"?").await?;
    stream.read_u8().await
}

#[tokio::test]
async fn a_held_reply_is_lost_after_the_request_arrived() {
    let server = counting_server().await.unwrap();
    let proxy = FaultProxy::start(local(0), server).await.unwrap();
    let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
    assert_eq!(ask(&mut stream).await.unwrap(), 1);
    assert_eq!(ask(&mut stream).await.unwrap(), 2);

    proxy.hold_replies();
    stream.write_all(b"?").await.unwrap();
    wait::until_true("a lost reply", wait::SOON, async || {
        Ok(proxy.lost_bytes() == 1)
    })
    .await
    .unwrap();
    proxy.cut();
    assert!(stream.read_u8().await.is_err());

    let mut again = TcpStream::connect(proxy.address()).await.unwrap();
    assert_eq!(ask(&mut again).await.unwrap(), 4);
}

#[tokio::test]
async fn a_browser_reads_the_portal_behind_the_relay() {
    let desktop = Desktop::start(None).await.unwrap();
    let program = products::portal_program().unwrap();
    let mut portal = Portal::start(&desktop, &program, 60).await.unwrap();
    let issuer = portal.issuer().to_owned();
    let browser = SystemBrowser::install(&desktop, portal.authority())
        .await
        .unwrap();
    let address = format!("{issuer}/.well-known/openid-configuration");
    let mut open = desktop.command("xdg-open");
    open.arg(&address);
    browser.announce(&mut open);
    let _opener = Process::start("opener", open, &desktop.logs()).unwrap();
    let page = browser.page().await.unwrap();
    page.reads(&format!("\"issuer\":\"{issuer}\""))
        .await
        .unwrap();

    portal.kill();
    portal.start_again(&desktop).await.unwrap();
    assert_eq!(portal.issuer(), issuer);
    page.driver().refresh().await.unwrap();
    page.reads(&issuer).await.unwrap();
    page.quit().await.unwrap();
}

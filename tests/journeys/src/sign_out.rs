use uc_core::ports::KeyringItem;
use uc_ipc::{Commands as _, IpcError, Lock, OpenSession, Phase, SignOut, Unsent};
use uc_testkit::{PASSCODE, TestApp};

const DISCARD: SignOut = SignOut {
    unsent: Unsent::Discard,
};

async fn phase(app: &TestApp) -> Phase {
    app.core()
        .open_session(OpenSession {})
        .await
        .expect("a session")
        .phase
}

fn files(app: &TestApp) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(app.profile())
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with("public.db") && !name.contains("lock"))
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn pr_05_signing_out_leaves_nothing_and_copies_do_not_open() {
    let mut app = TestApp::start().await;
    app.enter().await;
    app.stop_app().await;
    let (bundle, vault) = (app.profile().join("bundle"), app.profile().join("vault.db"));
    let copies = [&bundle, &vault].map(|path| (path.clone(), std::fs::read(path).expect("a file")));
    let session = app.keyring.item(KeyringItem::Session0);
    app.launch().await;
    app.unlock(PASSCODE).await.expect("unlocked");

    let signed_out = app
        .core()
        .sign_out(SignOut {
            unsent: Unsent::Keep,
        })
        .await;
    assert_eq!(signed_out.expect("signed out").phase, Phase::SignedOut);
    assert_eq!(files(&app), Vec::<String>::new());
    for item in [
        KeyringItem::Session0,
        KeyringItem::Session1,
        KeyringItem::Attempts,
    ] {
        assert_eq!(app.keyring.item(item), None);
    }
    app.stop_app().await;
    for (path, bytes) in copies {
        std::fs::write(path, bytes).expect("put back");
    }
    app.keyring.plant(KeyringItem::Session0, session);
    app.launch().await;
    let refused = app.unlock(PASSCODE).await;
    assert!(
        matches!(refused, Err(IpcError::WrongPasscode { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn pr_05_signing_out_works_offline_and_while_locked() {
    let app = TestApp::start().await;
    app.enter().await;
    app.core().lock(Lock {}).await.expect("locked");
    app.network.set_offline(true);
    let keep = app
        .core()
        .sign_out(SignOut {
            unsent: Unsent::Keep,
        })
        .await;
    assert_eq!(keep, Err(IpcError::Locked));
    assert_eq!(
        app.core()
            .sign_out(DISCARD)
            .await
            .expect("signed out")
            .phase,
        Phase::SignedOut
    );
    app.network.set_offline(false);
    app.enter().await;
}

#[tokio::test]
async fn pr_05_a_wipe_that_was_cut_is_finished_at_the_next_start() {
    for writes in 0..6 {
        let mut app = TestApp::start().await;
        app.enter().await;
        app.keyring.set_writes_left(Some(writes));
        let cut = app.core().sign_out(DISCARD).await;
        app.keyring.set_writes_left(None);
        app.restart().await;
        if cut.is_err() || writes < 5 {
            assert_eq!(phase(&app).await, Phase::SignedOut, "after {writes} writes");
            assert_eq!(files(&app), Vec::<String>::new(), "after {writes} writes");
        }
        app.enter().await;
    }
}

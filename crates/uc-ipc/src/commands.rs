//! The table of commands; everything else about them is expanded from it.

use std::future::Future;

use serde::{Serialize, de::DeserializeOwned};

use crate::{IpcError, View};

/// Calls `$callback!` with the table: doc comments, name, request and answer of each command.
#[macro_export]
macro_rules! for_each_command {
    ($($callback:tt)+) => {
        $($callback)+! {
            /// Returns where the person stands: signed out, locked or at work, and what is true for every screen.
            open_session($crate::OpenSession) -> $crate::Session;
            /// Opens the sign-in page in the system browser and waits for its answer, five minutes at most.
            sign_in($crate::SignIn) -> $crate::Session;
            /// Stops waiting for the browser.
            cancel_sign_in($crate::CancelSignIn) -> $crate::Session;
            /// Sets the first passcode after a sign-in and makes the vault.
            set_passcode($crate::SetPasscode) -> $crate::Session;
            /// Changes the passcode of the open vault. A wrong current one counts as a try.
            change_passcode($crate::ChangePasscode) -> $crate::Session;
            /// Opens the vault.
            unlock($crate::Unlock) -> $crate::Session;
            /// Closes the vault and wipes its keys from memory.
            lock($crate::Lock) -> $crate::Session;
            /// Tells that somebody reads or types, which nothing else would tell: the client does not lock itself.
            keep_awake($crate::KeepAwake) -> ();
            /// Ends the session and wipes everything personal from the device.
            sign_out($crate::SignOut) -> $crate::Session;
            /// Changes language, theme or text size.
            update_appearance($crate::UpdateAppearance) -> $crate::Session;
            /// Asks the portal for news now.
            sync_now($crate::SyncNow) -> $crate::Session;
            /// Lets the client ask for news by itself, or only when it is told to.
            pause_sync($crate::PauseSync) -> $crate::Session;
            /// Returns everything the home screen shows.
            open_dashboard($crate::OpenDashboard) -> $crate::Dashboard;
            /// Returns life situations, agencies and regions with their numbers of services.
            open_catalogue($crate::OpenCatalogue) -> $crate::CatalogueOverview;
            /// Finds services by words and filters, best first.
            search_services($crate::SearchServices) -> $crate::ServicePage;
            /// Finds the few services that may be meant by what is typed so far, the most popular first.
            suggest_services($crate::SuggestServices) -> $crate::Suggestions;
            /// Returns a service's page.
            open_service($crate::OpenService) -> $crate::ServiceDetails;
            /// Returns a form to fill in, with its draft, or a new draft filled from the profile.
            open_form($crate::OpenForm) -> $crate::ApplicationForm;
            /// Keeps what was filled in so far.
            save_draft($crate::SaveDraft) -> $crate::DraftSaved;
            /// Takes a part of a file that answers a question of a form; the last one makes it whole.
            attach_file($crate::AttachFile) -> $crate::FileProgress;
            /// Throws a draft away.
            discard_draft($crate::DiscardDraft) -> $crate::ApplicationPage;
            /// Sends a filled form, now or as soon as the portal can be reached, and returns the application.
            submit_application($crate::SubmitApplication) -> $crate::ApplicationDetails;
            /// Lists applications, newest first.
            list_applications($crate::ListApplications) -> $crate::ApplicationPage;
            /// Returns an application with its history.
            open_application($crate::OpenApplication) -> $crate::ApplicationDetails;
            /// Withdraws an application.
            cancel_application($crate::CancelApplication) -> $crate::ApplicationDetails;
            /// Lists messages, newest first.
            list_messages($crate::ListMessages) -> $crate::InboxPage;
            /// Marks messages as read.
            mark_read($crate::MarkRead) -> $crate::InboxPage;
            /// Returns everything the settings screen shows.
            open_settings($crate::OpenSettings) -> $crate::Settings;
            /// Changes after how long the client locks itself.
            update_auto_lock($crate::UpdateAutoLock) -> $crate::Settings;
            /// Lets the sensor unlock, or the passcode alone again.
            update_sensor_unlock($crate::UpdateSensorUnlock) -> $crate::Settings;
            /// Asks the portal where the person is signed in.
            open_account_sessions($crate::OpenAccountSessions) -> $crate::AccountSessions;
            /// Signs the person out elsewhere; returns what is left.
            end_account_session($crate::EndAccountSession) -> $crate::AccountSessions;
            /// Signs the person out everywhere else; returns what is left.
            end_other_sessions($crate::EndOtherSessions) -> $crate::AccountSessions;
            /// Names the device of a session; returns all sessions.
            rename_device($crate::RenameDevice) -> $crate::AccountSessions;
            /// Asks the portal what happened to the account lately.
            open_sign_ins($crate::OpenSignIns) -> $crate::SignIns;
            /// Returns what the portal knows of the person, as it was last heard.
            open_profile($crate::OpenProfile) -> $crate::Profile;
            /// Opens one of the portal's own pages in the system browser.
            open_portal_page($crate::OpenPortalPage) -> ();
        }
    };
}

/// A request with its name and the type of its answer.
pub trait Command: Serialize + DeserializeOwned + 'static {
    /// The name in the table.
    const NAME: &'static str;
    /// The answer on success.
    type Output: Serialize + DeserializeOwned + 'static;
}

/// A command that only reads; its answer is stale when [`Query::VIEW`] changes.
pub trait Query: Command + Clone + PartialEq {
    /// What the answer is made of.
    const VIEW: View;
}

macro_rules! define_contract {
    ($($(#[$doc:meta])* $name:ident($request:ty) -> $output:ty;)+) => {
        $(impl Command for $request {
            const NAME: &'static str = stringify!($name);
            type Output = $output;
        })+

        /// The names of all commands, in the table's order.
        pub const COMMAND_NAMES: &[&str] = &[$(stringify!($name)),+];

        /// What the core does for the interface: one method for each command.
        pub trait Commands: Send + Sync + 'static {
            $($(#[$doc])* fn $name(&self, request: $request)
                -> impl Future<Output = Result<$output, IpcError>> + Send;)+
        }
    };
}
for_each_command!(define_contract);

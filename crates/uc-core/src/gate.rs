//! Which command answers in which phase. Everything personal answers only while the vault is open.

use uc_ipc::{
    AttachFile, CancelApplication, CancelSignIn, ChangePasscode, Command, DiscardDraft,
    EndAccountSession, EndOtherSessions, IpcError, KeepAwake, ListApplications, ListMessages, Lock,
    MarkRead, OpenAccountSessions, OpenApplication, OpenCatalogue, OpenDashboard, OpenForm,
    OpenPortalPage, OpenProfile, OpenService, OpenSession, OpenSettings, OpenSignIns, PauseSync,
    RenameDevice, SaveDraft, SearchServices, SetPasscode, SignIn, SignOut, SubmitApplication,
    SuggestServices, SyncNow, Unlock, UpdateAppearance, UpdateAutoLock, UpdateSensorUnlock,
};

/// The phase without its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    SignedOut,
    SigningIn,
    NeedsPasscode,
    Locked,
    Open,
}

/// A command with the stages in which it answers.
pub(crate) trait Gated: Command {
    /// Where it answers.
    const STAGES: &'static [Stage];
}

/// Lets a command through, or says what is to be done first.
pub(crate) fn check<C: Gated>(stage: Stage) -> Result<(), IpcError> {
    if C::STAGES.contains(&stage) {
        return Ok(());
    }
    Err(match stage {
        Stage::SignedOut | Stage::SigningIn | Stage::NeedsPasscode => IpcError::SignInRequired,
        Stage::Locked => IpcError::Locked,
        Stage::Open => IpcError::Conflict,
    })
}

const ALWAYS: &[Stage] = &[
    Stage::SignedOut,
    Stage::SigningIn,
    Stage::NeedsPasscode,
    Stage::Locked,
    Stage::Open,
];
/// Not while locked: a locked client answers as little as it can.
const ATTENDED: &[Stage] = &[
    Stage::SignedOut,
    Stage::SigningIn,
    Stage::NeedsPasscode,
    Stage::Open,
];
const OPEN: &[Stage] = &[Stage::Open];

macro_rules! gates {
    ($($stages:expr => $($request:ident)+;)+) => {
        $($(impl Gated for $request { const STAGES: &'static [Stage] = $stages; })+)+

        #[cfg(test)]
        pub(crate) const GATES: &[(&str, &[Stage])] = &[$($((<$request as Command>::NAME, $stages)),+),+];
    };
}

gates! {
    ALWAYS => OpenSession SignOut OpenCatalogue SearchServices SuggestServices OpenService;
    ATTENDED => UpdateAppearance SyncNow PauseSync;
    &[Stage::SignedOut, Stage::Open] => SignIn;
    &[Stage::SignedOut, Stage::SigningIn, Stage::NeedsPasscode, Stage::Open] => CancelSignIn;
    &[Stage::NeedsPasscode] => SetPasscode;
    &[Stage::Locked] => Unlock;
    OPEN => Lock KeepAwake ChangePasscode OpenDashboard OpenForm SaveDraft AttachFile DiscardDraft SubmitApplication ListApplications
        OpenApplication CancelApplication ListMessages MarkRead OpenSettings UpdateAutoLock UpdateSensorUnlock
        OpenAccountSessions EndAccountSession EndOtherSessions RenameDevice OpenSignIns OpenProfile OpenPortalPage;
}

#[cfg(test)]
mod tests {
    use uc_ipc::COMMAND_NAMES;

    use super::*;

    #[test]
    fn lk_01_seven_commands_answer_while_locked() {
        assert_eq!(GATES.len(), COMMAND_NAMES.len());
        let mut answering: Vec<_> = GATES
            .iter()
            .filter(|(_, stages)| stages.contains(&Stage::Locked))
            .map(|(name, _)| *name)
            .collect();
        answering.sort_unstable();
        assert_eq!(
            answering,
            [
                "open_catalogue",
                "open_service",
                "open_session",
                "search_services",
                "sign_out",
                "suggest_services",
                "unlock"
            ]
        );
    }

    #[test]
    fn what_is_refused_says_what_comes_first() {
        assert_eq!(check::<OpenDashboard>(Stage::Open), Ok(()));
        assert_eq!(check::<OpenDashboard>(Stage::Locked), Err(IpcError::Locked));
        assert_eq!(
            check::<OpenDashboard>(Stage::SignedOut),
            Err(IpcError::SignInRequired)
        );
        assert_eq!(check::<Unlock>(Stage::Open), Err(IpcError::Conflict));
    }
}

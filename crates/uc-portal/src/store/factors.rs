//! Second factors, and sign-ins that wait for one.

use jiff::Timestamp;
use uc_model::{PersonId, SecretString};

use super::Reply;
use crate::{
    accounts::{Factors, FirstStep, Step, StoredCode, TotpSecret},
    entropy::TokenHash,
    journal::Scene,
};

/// A flow whose person has shown the first of two things.
#[derive(Debug, Clone)]
pub struct HalfSignIn {
    /// Of the flow's id.
    pub flow: TokenHash,
    /// Of the secret of the flow's browser.
    pub browser: TokenHash,
    /// Who.
    pub person: PersonId,
    /// What they showed.
    pub first: FirstStep,
    /// Until when the second factor may come.
    pub expires_at: Timestamp,
}

/// A try at the second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorTry {
    /// Who.
    pub person: PersonId,
    /// What they showed first.
    pub first: FirstStep,
    /// Tries after this one.
    pub left: u32,
}

/// A secret to show to a person.
#[derive(Debug, Clone)]
pub struct TotpOffer {
    /// To whom.
    pub person: PersonId,
    /// The secret.
    pub secret: TotpSecret,
    /// Until when it may be confirmed.
    pub expires_at: Timestamp,
}

/// Second factors.
pub trait FactorStore {
    /// The flow, which must be the browser's and open, waits for a second factor; `false` when it is not.
    fn insert_half_sign_in(&self, half: HalfSignIn, now: Timestamp) -> Reply<'_, bool>;

    /// Who is to show a second factor in this flow.
    fn find_half_sign_in(&self, flow: TokenHash, now: Timestamp) -> Reply<'_, Option<PersonId>>;

    /// Counts a try, before the code is compared; `None` when no more are left or it has ended.
    fn try_half_sign_in(&self, flow: TokenHash, now: Timestamp) -> Reply<'_, Option<FactorTry>>;

    /// The second factors of a person.
    fn find_factors(&self, person: PersonId) -> Reply<'_, Factors>;

    /// The secret that is shown to this person: the one of before if it still holds, else this one.
    fn offer_totp(&self, offer: TotpOffer, now: Timestamp) -> Reply<'_, TotpSecret>;

    /// The secret that was shown to this person.
    fn find_totp_offer(&self, person: PersonId, now: Timestamp) -> Reply<'_, Option<TotpSecret>>;

    /// Takes what was shown into use, its code of this interval being used up; `false` when nothing was shown.
    fn add_totp(&self, person: PersonId, step: Step, scene: Scene) -> Reply<'_, bool>;

    /// The secret in use.
    fn find_totp(&self, person: PersonId) -> Reply<'_, Option<TotpSecret>>;

    /// Uses up the code of this interval and those before; `false` when it was used up.
    fn use_totp_step(&self, person: PersonId, step: Step) -> Reply<'_, bool>;

    /// Puts these recovery codes in the place of all that the person had.
    fn replace_recovery_codes(
        &self,
        person: PersonId,
        codes: Vec<StoredCode>,
        scene: Scene,
    ) -> Reply<'_, ()>;

    /// The hash of the person's recovery code at this place.
    fn find_recovery_code(
        &self,
        person: PersonId,
        place: String,
    ) -> Reply<'_, Option<SecretString>>;

    /// Uses up the recovery code at this place; `false` when it was used up.
    fn use_recovery_code(&self, person: PersonId, place: String) -> Reply<'_, bool>;

    /// Forgets the secret in use, and the recovery codes that stood in for it; `false` when there is none.
    fn remove_totp(&self, person: PersonId, scene: Scene) -> Reply<'_, bool>;
}

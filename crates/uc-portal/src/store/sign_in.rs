//! Browser sessions, authorization flows, grants and tokens.

use jiff::Timestamp;
use uc_model::PersonId;
use uuid::Uuid;

use super::{Reply, Stranger};
use crate::{
    accounts::{DeviceId, Means, SeenDevice},
    entropy::TokenHash,
    journal::Scene,
    oidc::{AuthorizationRequest, PresentedRefresh, Scope, Thumbprint},
    senders::NewMessage,
};

/// A person signed in in a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserSession {
    /// Who.
    pub person: PersonId,
    /// Since when.
    pub signed_in_at: Timestamp,
    /// By what.
    pub means: Means,
    /// Until when, at most.
    pub expires_at: Timestamp,
    /// In which browser, once it is open.
    pub device: Option<DeviceId>,
}

/// A session to open, and the flow that asks for it.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Of the session's id.
    pub id: TokenHash,
    /// The session.
    pub session: BrowserSession,
    /// Of the flow's id.
    pub flow: TokenHash,
    /// Of the secret of the flow's browser.
    pub browser: TokenHash,
    /// The browser as a device of the person.
    pub device: SeenDevice,
    /// What the person is told if the browser is new to them.
    pub notice: Option<NewMessage>,
    /// When and where.
    pub scene: Scene,
}

/// Who signed in, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// By what.
    pub means: Means,
}

/// An authorization request that its client sent ahead (RFC 9126).
#[derive(Debug, Clone)]
pub struct PushedRequest {
    /// Of what its URI ends with.
    pub id: TokenHash,
    /// What is asked for.
    pub request: AuthorizationRequest,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// An authorization request that begins.
#[derive(Debug, Clone)]
pub struct NewFlow {
    /// Of the flow's id.
    pub id: TokenHash,
    /// Of the browser's secret.
    pub browser: TokenHash,
    /// What is asked for.
    pub request: AuthorizationRequest,
    /// Set when a session serves.
    pub signed_in: Option<SignedIn>,
    /// Until when it may be completed.
    pub expires_at: Timestamp,
}

/// An authorization request under way.
#[derive(Debug, Clone)]
pub struct Flow {
    /// What is asked for.
    pub request: AuthorizationRequest,
    /// Who signed in for it.
    pub signed_in: Option<SignedIn>,
    /// Who waits for a password to tell whose account they are to be linked to.
    pub stranger: Option<Stranger>,
}

/// What a person allowed a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientGrant {
    /// Its id.
    pub id: Uuid,
    /// Who allowed it.
    pub person: PersonId,
    /// Whom.
    pub client: String,
    /// What.
    pub scope: Scope,
    /// When the person had signed in.
    pub signed_in_at: Timestamp,
    /// By what.
    pub means: Means,
    /// When it was allowed.
    pub created_at: Timestamp,
    /// When it ends, used or not.
    pub expires_at: Timestamp,
    /// The key that must be shown with its refresh tokens.
    pub key: Option<Thumbprint>,
    /// The browser in which it was allowed; absent when what was allowed runs elsewhere.
    pub device: Option<DeviceId>,
}

/// A code to issue, with the grant that it stands for. Ends the flow.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// Of the code.
    pub code: TokenHash,
    /// The flow that it completes.
    pub flow: TokenHash,
    /// The pushed request that it uses up.
    pub pushed: Option<TokenHash>,
    /// The grant.
    pub grant: ClientGrant,
    /// What the token request must repeat.
    pub redirect_uri: String,
    /// PKCE's challenge (RFC 7636 §4.2), S256.
    pub challenge: String,
    /// For the ID token.
    pub nonce: Option<String>,
    /// The key that must be shown with it.
    pub key: Option<Thumbprint>,
    /// Until when it may be redeemed.
    pub code_expires_at: Timestamp,
}

/// Tokens to issue.
#[derive(Debug, Clone, Copy)]
pub struct NewTokens {
    /// When they were made.
    pub issued_at: Timestamp,
    /// Of the access token.
    pub access: TokenHash,
    /// When it ends.
    pub access_expires_at: Timestamp,
    /// Of the refresh token.
    pub refresh: TokenHash,
    /// When it ends unless used.
    pub refresh_expires_at: Timestamp,
    /// The key that the access token is bound to.
    pub access_key: Option<Thumbprint>,
    /// The key that the refresh token is bound to.
    pub refresh_key: Option<Thumbprint>,
}

/// A code presented at the token endpoint.
#[derive(Debug, Clone)]
pub struct CodeRedemption {
    /// Of the code.
    pub code: TokenHash,
    /// Who presents it.
    pub client: String,
    /// The redirect URI repeated.
    pub redirect_uri: String,
    /// The challenge computed from the verifier.
    pub challenge: String,
    /// What it is to be exchanged for.
    pub tokens: NewTokens,
}

/// What became of a presented code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedeemedCode {
    /// Exchanged.
    Issued {
        /// The grant.
        grant: Box<ClientGrant>,
        /// For the ID token.
        nonce: Option<String>,
        /// Which of the tokens were issued.
        tokens: IssuedTokens,
    },
    /// Unknown, expired, or of another client, redirect URI, challenge or key.
    Refused,
    /// Used before: its grant is revoked (RFC 9700 §4.5).
    Replayed,
}

/// Which tokens a grant got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuedTokens {
    /// An access token only: offline access was not allowed.
    Access,
    /// Both.
    AccessAndRefresh,
}

/// A refresh token presented at the token endpoint.
#[derive(Debug, Clone)]
pub struct Refresh {
    /// Which token.
    pub presented: PresentedRefresh,
    /// Who presents it.
    pub client: String,
    /// What it is to be exchanged for.
    pub tokens: NewTokens,
}

/// What became of a presented refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// Exchanged: the token presented stays usable until its successor is first used.
    Rotated(ClientGrant),
    /// Expired, or its grant has ended, or is of another client or key.
    Refused,
    /// Used after its successor was: its whole family is revoked.
    Reused,
}

/// What an access token gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessGrant {
    /// On whose behalf.
    pub person: PersonId,
    /// What for.
    pub scope: Scope,
    /// The grant that it belongs to.
    pub grant: Uuid,
    /// The client that it was issued to.
    pub client: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The key that must be shown with it.
    pub key: Option<Thumbprint>,
}

/// How often something that may be shown once was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Showing {
    /// For the first time.
    First,
    /// Not for the first time.
    Again,
    /// Nobody knows: so much is remembered already that this is not.
    Crowded,
}

/// Sessions, flows, grants and tokens.
pub trait SignInStore {
    /// A session that has not ended.
    fn find_session(&self, id: TokenHash, now: Timestamp) -> Reply<'_, Option<BrowserSession>>;

    /// Signs a person in: a session, and the flow that asked for it, which must belong to the browser and be open;
    /// `false` when it is not, and nothing changes.
    fn insert_session(&self, new: NewSession) -> Reply<'_, bool>;

    /// Signs a browser out.
    fn delete_session(&self, id: TokenHash, now: Timestamp) -> Reply<'_, ()>;

    /// Keeps a request until its browser comes.
    fn insert_pushed_request(&self, pushed: PushedRequest, now: Timestamp) -> Reply<'_, ()>;

    /// A request of this client; `None` when it is another's, has expired or was used.
    fn find_pushed_request(
        &self,
        id: TokenHash,
        client: String,
        now: Timestamp,
    ) -> Reply<'_, Option<AuthorizationRequest>>;

    /// Begins a flow; sweeps ended rows.
    fn insert_flow(&self, flow: NewFlow, now: Timestamp) -> Reply<'_, ()>;

    /// An open flow of this browser.
    fn find_flow(
        &self,
        id: TokenHash,
        browser: TokenHash,
        now: Timestamp,
    ) -> Reply<'_, Option<Flow>>;

    /// Ends a flow; `false` when it had ended.
    fn delete_flow(&self, id: TokenHash) -> Reply<'_, bool>;

    /// Ends the flow with a code; `false` when it had ended, or its pushed request was used, and nothing is issued.
    fn insert_code(&self, code: NewCode) -> Reply<'_, bool>;

    /// Exchanges a code once.
    fn redeem_code(&self, redemption: CodeRedemption, now: Timestamp) -> Reply<'_, RedeemedCode>;

    /// Exchanges a refresh token.
    fn rotate_refresh_token(&self, refresh: Refresh, now: Timestamp) -> Reply<'_, Rotation>;

    /// What an access token gives now.
    fn find_access(&self, token: TokenHash, now: Timestamp) -> Reply<'_, Option<AccessGrant>>;

    /// Remembers that this was shown, until nobody takes it any more; forgets what nobody takes.
    fn show_once(&self, id: TokenHash, expires_at: Timestamp, now: Timestamp)
    -> Reply<'_, Showing>;

    /// Ends a grant whose client gave a refresh token back; another client's is left (RFC 7009 §2.1).
    fn give_back_grant(&self, grant: Uuid, client: String, now: Timestamp) -> Reply<'_, ()>;

    /// Revokes an access token alone; an unknown one and another client's are left.
    fn revoke_access_token(&self, token: TokenHash, client: String) -> Reply<'_, ()>;
}

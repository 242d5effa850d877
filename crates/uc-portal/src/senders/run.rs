//! The worker that carries what waits.

use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};

use super::{CarryError, Delivery};
use crate::{
    portal::{AppState, Portal},
    store::{DeliveryEnd, StoreError},
};

/// Letters on their way at once.
const AT_ONCE: usize = 8;

/// The pauses after the first, second and third failed try; there is no fifth.
const PAUSES: [SignedDuration; 3] = [
    SignedDuration::from_secs(2),
    SignedDuration::from_secs(15),
    SignedDuration::from_secs(60),
];

/// The pause after the store failed.
const STORE_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(5);

/// Carries until the portal drains. What was on its way then is carried again after the next start.
pub async fn run(portal: AppState) {
    let draining = portal.draining.clone();
    let work = async {
        loop {
            let next = carry_due(&portal).await.unwrap_or_else(|error| {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "messages are not sent"
                );
                portal.clock.now().checked_add(STORE_AGAIN_AFTER).ok()
            });
            tokio::select! {
                () = portal.post.bell.notified() => {}
                () = wait(&portal, next) => {}
            }
        }
    };
    tokio::select! {
        () = draining.cancelled() => {}
        () = work => {}
    }
}

async fn wait(portal: &Portal, next: Option<Timestamp>) {
    match next {
        Some(at) => portal.clock.wait_until(at).await,
        None => std::future::pending().await,
    }
}

/// Carries what is due; says when the next is.
async fn carry_due(portal: &Portal) -> Result<Option<Timestamp>, StoreError> {
    loop {
        let due = portal
            .store
            .list_due_messages(portal.clock.now(), AT_ONCE)
            .await?;
        if due.is_empty() {
            return portal.store.find_next_try().await;
        }
        let ends: Vec<_> = stream::iter(due)
            .map(async |delivery| (delivery.id, carry(portal, &delivery).await))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        for (id, end) in ends {
            portal
                .store
                .end_delivery(id, end, portal.clock.now())
                .await?;
        }
    }
}

async fn carry(portal: &Portal, delivery: &Delivery) -> DeliveryEnd {
    let carrier = portal.post.carrier(delivery.letter.to.channel());
    let done = carrier.carry(&delivery.letter).await;
    if let Err(error) = done {
        tracing::warn!(message = %delivery.id, %error, "a message was not sent");
    }
    end(done, delivery, portal.clock.now())
}

/// What a try means for the message.
pub(super) fn end(
    carried: Result<(), CarryError>,
    delivery: &Delivery,
    now: Timestamp,
) -> DeliveryEnd {
    let Err(error) = carried else {
        return DeliveryEnd::Sent;
    };
    let pause = usize::try_from(delivery.tries)
        .ok()
        .and_then(|tries| PAUSES.get(tries));
    match pause {
        Some(pause) if error.is_passing() => match now.checked_add(*pause) {
            Ok(at) if at < delivery.expires_at => DeliveryEnd::Again { at, error },
            Ok(_) | Err(_) => DeliveryEnd::Expired { error },
        },
        Some(_) | None => DeliveryEnd::Failed { error },
    }
}

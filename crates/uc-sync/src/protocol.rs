//! The sending of submissions as a model (OB-06): the plans of [`crate::outbox`], a portal that remembers keys, a network that loses,
//! delays and repeats, and crashes of either side. The checker visits every state there is.

use std::collections::BTreeSet;

use jiff::Timestamp;
use stateright::{Checker as _, Model, Property};
use uc_model::OutboxState;

use crate::outbox::{self, Haste, Outcome, Pending};

/// Two submissions for one service, which keep their order.
const REQUESTS: usize = 2;
/// Crashes of either side, together.
const CRASHES: u8 = 3;

/// What is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Message {
    Submit(usize),
    Registered(usize),
}

/// What the person was last told of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Told {
    /// It goes, or went.
    Sent,
    /// The portal has it.
    Registered,
    /// It came back and is a draft.
    TakenBack,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct World {
    /// The client's disk: what is owed.
    rows: [Option<OutboxState>; REQUESTS],
    told: [Told; REQUESTS],
    /// The client's memory: what it waits for, and how that stood before.
    waits_for: Option<(usize, OutboxState)>,
    /// Messages arrive any number of times, or never.
    network: BTreeSet<Message>,
    /// The portal's disk: what was created, in order.
    created: Vec<usize>,
    crashes_left: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Step {
    /// The client sends the next one.
    Send(usize),
    /// It tries to, and does not get through.
    Fail(usize),
    /// A message arrives; it may arrive again.
    Arrive(Message),
    /// The client waits no longer.
    GiveUp,
    /// The person takes one back.
    TakeBack(usize),
    ClientCrashes,
    /// Answers that were on their way are gone.
    PortalCrashes,
}

/// The protocol, or one with a planted bug.
struct Protocol {
    /// A client that takes an unreached portal for proof that an earlier attempt did not arrive either.
    hasty: bool,
    /// A portal that remembers no keys.
    forgetful: bool,
}

impl Protocol {
    const SOUND: Self = Self {
        hasty: false,
        forgetful: false,
    };

    fn apply(&self, before: OutboxState, request: usize, outcome: Outcome) -> OutboxState {
        if self.hasty && matches!(outcome, Outcome::NotTaken { .. }) {
            return OutboxState::Staged;
        }
        outbox::apply(&pending(request, before), outcome, Timestamp::UNIX_EPOCH).state
    }
}

/// Time has no part in it: every pause is over.
fn pending(request: usize, state: OutboxState) -> Pending {
    Pending {
        seq: i64::try_from(request).expect("a small number"),
        service: "passport".parse().expect("a service"),
        state,
        attempts: 0,
        next_at: Timestamp::UNIX_EPOCH,
    }
}

/// The one whose turn it is.
fn due(world: &World) -> Option<(usize, OutboxState)> {
    let rows = (0..).zip(world.rows);
    let pendings: Vec<Pending> = rows
        .filter_map(|(request, state)| Some(pending(request, state?)))
        .collect();
    let plan = outbox::next(&pendings, Haste::Patient, Timestamp::UNIX_EPOCH);
    let request = usize::try_from(*plan.send.first()?).ok()?;
    Some((request, world.rows[request]?))
}

impl Model for Protocol {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        vec![World {
            rows: [Some(OutboxState::Sealed); REQUESTS],
            told: [Told::Sent; REQUESTS],
            waits_for: None,
            network: BTreeSet::new(),
            created: Vec::new(),
            crashes_left: CRASHES,
        }]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        match (world.waits_for, due(world)) {
            (Some(_), _) => steps.push(Step::GiveUp),
            (None, Some((request, _))) => {
                steps.extend([Step::Send(request), Step::Fail(request)]);
            }
            (None, None) => {}
        }
        steps.extend(world.network.iter().copied().map(Step::Arrive));
        for request in 0..REQUESTS {
            // As the client does: not while one is being sent, and not what may have arrived.
            let may = matches!(
                world.rows[request],
                Some(OutboxState::Sealed | OutboxState::Staged)
            );
            if may && world.waits_for.is_none() {
                steps.push(Step::TakeBack(request));
            }
        }
        if world.crashes_left > 0 {
            steps.extend([Step::ClientCrashes, Step::PortalCrashes]);
        }
    }

    fn next_state(&self, before: &World, step: Step) -> Option<World> {
        let mut world = before.clone();
        match step {
            Step::Send(request) => {
                let state = world.rows[request]?;
                let begun = outbox::begin(&pending(request, state), Timestamp::UNIX_EPOCH);
                world.rows[request] = Some(begun.state);
                world.waits_for = Some((request, state));
                world.network.insert(Message::Submit(request));
            }
            Step::Fail(request) => {
                let outcome = Outcome::NotTaken { retry_after: None };
                world.rows[request] = Some(self.apply(world.rows[request]?, request, outcome));
            }
            Step::Arrive(Message::Submit(request)) => {
                if self.forgetful || !world.created.contains(&request) {
                    world.created.push(request);
                }
                world.network.insert(Message::Registered(request));
            }
            Step::Arrive(Message::Registered(request)) => {
                world.waits_for.take_if(|(waited, _)| *waited == request)?;
                world.rows[request] = None;
                world.told[request] = Told::Registered;
            }
            Step::GiveUp => {
                let (request, state) = world.waits_for.take()?;
                world.rows[request] = Some(self.apply(state, request, Outcome::AnswerLost));
            }
            Step::TakeBack(request) => {
                world.rows[request] = None;
                world.told[request] = Told::TakenBack;
            }
            Step::ClientCrashes => {
                world.crashes_left -= 1;
                world.waits_for = None;
                world.rows = world.rows.map(|row| row.map(outbox::recover));
            }
            Step::PortalCrashes => {
                world.crashes_left -= 1;
                world
                    .network
                    .retain(|message| matches!(message, Message::Submit(_)));
            }
        }
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(ONCE, |_, world: &World| {
                (0..REQUESTS).all(|request| count(world, request) <= 1)
            }),
            Property::always(NEVER_BACK, |_, world: &World| {
                (0..REQUESTS).all(|request| {
                    world.told[request] != Told::TakenBack || count(world, request) == 0
                })
            }),
            Property::always("what is called registered is there", |_, world: &World| {
                (0..REQUESTS).all(|request| {
                    world.told[request] != Told::Registered || count(world, request) > 0
                })
            }),
            Property::always("nothing is forgotten", |_, world: &World| {
                (0..REQUESTS).all(|request| {
                    world.told[request] != Told::Sent || world.rows[request].is_some()
                })
            }),
            Property::always("the order is kept", |_, world: &World| {
                world.created.is_sorted()
            }),
            Property::sometimes("everything arrives", |_, world: &World| {
                world.told == [Told::Registered; REQUESTS]
            }),
        ]
    }

    fn within_boundary(&self, world: &World) -> bool {
        world.created.len() <= REQUESTS + 1
    }
}

const ONCE: &str = "each is created once at most";
const NEVER_BACK: &str = "what was taken back is not created";

fn count(world: &World, request: usize) -> usize {
    world.created.iter().filter(|it| **it == request).count()
}

#[test]
fn ob_06_no_loss_repeat_or_crash_breaks_the_protocol() {
    let checker = Protocol::SOUND.checker().spawn_bfs().join();
    assert!(checker.is_done());
    assert!(checker.unique_state_count() > 100);
    checker.assert_properties();
}

#[test]
fn ob_06_the_model_finds_planted_bugs() {
    let forgetful = Protocol {
        forgetful: true,
        ..Protocol::SOUND
    };
    assert!(
        forgetful
            .checker()
            .spawn_bfs()
            .join()
            .discovery(ONCE)
            .is_some()
    );
    let hasty = Protocol {
        hasty: true,
        ..Protocol::SOUND
    };
    assert!(
        hasty
            .checker()
            .spawn_bfs()
            .join()
            .discovery(NEVER_BACK)
            .is_some()
    );
}

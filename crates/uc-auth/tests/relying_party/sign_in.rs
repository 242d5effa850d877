//! The good way, and what every flow begins with.

use std::collections::{HashMap, HashSet};

use uc_testkit::{
    HostileOp,
    hostile_op::{SUBJECT, Script},
    seeded_rng,
};

use crate::harness::{Bench, Party, REDIRECT, now};

#[tokio::test]
async fn rp_01_a_good_sign_in_gives_tokens_and_the_person() {
    let mut bench = Bench::new().await;
    let signed_in = bench.accepts("good", Script::default()).await;
    assert_eq!(signed_in.subject, SUBJECT);
    assert_eq!(signed_in.refresh.secret.expose(), "refresh-1");
    assert_eq!(signed_in.given_name.as_deref(), Some("Анна"));
    assert!(!format!("{signed_in:?}").contains("refresh-1"));
}

#[tokio::test]
async fn rp_25_every_flow_is_unguessable_and_says_how_it_proves_itself() {
    const FLOWS: usize = 100_000;
    let op = HostileOp::new(now());
    let party = Party::new(&op);
    let provider = party.discover().await.unwrap();
    let mut rng = seeded_rng(1);
    let mut seen = HashSet::with_capacity(3 * FLOWS);
    for _ in 0..FLOWS {
        let begun = provider.begin(REDIRECT.parse().unwrap(), party.channel(), &mut rng);
        let (page, _) = begun.await.unwrap();
        let members: HashMap<_, _> = page.query_pairs().collect();
        assert_eq!(members["code_challenge_method"], "S256");
        assert_eq!(members["response_type"], "code");
        assert_eq!(members["redirect_uri"], REDIRECT);
        assert_eq!(members["scope"], "openid profile offline_access");
        for name in ["state", "nonce", "code_challenge"] {
            assert!(members[name].len() >= 43, "{name}");
            assert!(seen.insert(members[name].to_string()), "{name} repeated");
        }
    }
}

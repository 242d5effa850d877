use super::*;
use crate::accounts::CoarseAddress;

fn entry(seq: i64) -> RawEntry {
    RawEntry {
        seq,
        at: seq * 1000,
        event: r#"{"kind":"signed_in"}"#.into(),
        person: Some(format!("person-{seq}")),
        address: None,
        device: None,
    }
}

fn journal(length: i64) -> (Vec<(RawEntry, [u8; 32])>, ChainHead) {
    let mut head = ChainHead::START;
    let mut entries = Vec::new();
    for seq in 1..=length {
        let entry = entry(seq);
        head = ChainHead {
            seq,
            hash: entry.hash(head.hash),
        };
        entries.push((entry, head.hash));
    }
    (entries, head)
}

fn verify(
    entries: &[(RawEntry, [u8; 32])],
    head: ChainHead,
    known: Option<ChainHead>,
) -> Result<ChainHead, ChainBreak> {
    let mut chain = Chain::begin(known);
    for (entry, stored) in entries {
        chain.accept(entry, *stored)?;
    }
    chain.finish(head)
}

#[test]
fn auth_08_a_whole_journal_verifies() {
    let (entries, head) = journal(5);
    assert_eq!(verify(&entries, head, None), Ok(head));
    assert_eq!(verify(&entries, head, Some(head)), Ok(head));
    assert_eq!(
        verify(&[], ChainHead::START, None),
        Ok(ChainHead::START),
        "an empty one too"
    );
}

type Entries = Vec<(RawEntry, [u8; 32])>;
type Damage = fn(&mut Entries);

/// What may be done to a journal of five, and the entry at which it shows.
const DAMAGES: [(&str, Damage, ChainBreak); 9] = [
    (
        "first removed",
        |all| drop(all.remove(0)),
        ChainBreak::Missing(1),
    ),
    (
        "one removed",
        |all| drop(all.remove(2)),
        ChainBreak::Missing(3),
    ),
    (
        "last removed",
        |all| drop(all.pop()),
        ChainBreak::Missing(5),
    ),
    (
        "removed and the rest moved up",
        move_up,
        ChainBreak::Altered(3),
    ),
    (
        "person altered",
        |all| all[1].0.person = Some("person-3".into()),
        ChainBreak::Altered(2),
    ),
    (
        "event altered",
        |all| all[3].0.event = r#"{"kind":"signed_out"}"#.into(),
        ChainBreak::Altered(4),
    ),
    (
        "time altered",
        |all| all[4].0.at += 1,
        ChainBreak::Altered(5),
    ),
    ("two exchanged", exchange, ChainBreak::Altered(2)),
    (
        "altered and hashed again",
        hash_again,
        ChainBreak::Altered(4),
    ),
];

fn move_up(all: &mut Entries) {
    all.remove(2);
    all[2].0.seq = 3;
    all[3].0.seq = 4;
}

fn exchange(all: &mut Entries) {
    all.swap(1, 2);
    all[1].0.seq = 2;
    all[2].0.seq = 3;
}

fn hash_again(all: &mut Entries) {
    all[2].0.at = 0;
    let previous = all[1].1;
    all[2].1 = all[2].0.hash(previous);
}

#[test]
fn sv_09_every_planted_damage_is_found() {
    for (name, damage, found) in DAMAGES {
        let (mut entries, head) = journal(5);
        damage(&mut entries);
        assert_eq!(verify(&entries, head, None), Err(found), "{name}");
    }
}

#[test]
fn sv_09_a_journal_written_anew_differs_from_what_was_written_down() {
    let (_, written_down) = journal(3);
    let (mut entries, _) = journal(5);
    entries[0].0.at = 7;
    let mut head = ChainHead::START;
    for (entry, stored) in &mut entries {
        head = ChainHead {
            seq: entry.seq,
            hash: entry.hash(head.hash),
        };
        *stored = head.hash;
    }
    assert_eq!(verify(&entries, head, None), Ok(head), "by itself it holds");
    assert_eq!(
        verify(&entries, head, Some(written_down)),
        Err(ChainBreak::Rewritten(3))
    );
    let (entries, head) = journal(2);
    assert_eq!(
        verify(&entries, head, Some(written_down)),
        Err(ChainBreak::Missing(3)),
        "cut off with its head"
    );
}

#[test]
fn sv_09_no_field_runs_into_the_next() {
    let mut one = entry(1);
    one.person = Some("ab".into());
    one.address = Some("c".into());
    let mut other = one.clone();
    other.person = Some("a".into());
    other.address = Some("bc".into());
    assert_ne!(one.hash([0; 32]), other.hash([0; 32]));
    other.person = None;
    other.device = Some("ab".into());
    assert_ne!(one.hash([0; 32]), other.hash([0; 32]));
}

#[test]
fn sv_09_line_breaks_and_control_characters_do_not_enter() {
    for text in [
        "client\r\nforged",
        "client\u{1b}[2J",
        "client\u{202e}",
        "",
        "a b",
        &"a".repeat(65),
    ] {
        assert!(Word::try_from(text.to_owned()).is_err(), "{text:?}");
    }
    let address: CoarseAddress = CoarseAddress::of("203.0.113.77".parse().unwrap());
    let event = AuthEvent::GrantAllowed {
        grant: uuid::Uuid::nil(),
        client: Word::try_from("edinyi-klient-desktop".to_owned()).ok(),
    };
    let text = format!("{}{address}", serde_json::to_string(&event).unwrap());
    assert!(
        text.chars()
            .all(|char| char.is_ascii() && !char.is_ascii_control())
    );
}

#[test]
fn a_head_reads_as_it_is_printed() {
    let (_, head) = journal(4);
    assert_eq!(head.to_string().parse(), Ok(head));
    for text in ["", "4", "4:", "x:00", &format!("1:{}", "g".repeat(64))] {
        assert_eq!(text.parse::<ChainHead>(), Err(InvalidHead));
    }
}

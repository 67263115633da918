//! Nothing foreign can panic us.

use proptest::prelude::*;
use stripe_webhooks::testing::{EventBuilder, SignedEvent, ThinEventBuilder};
use stripe_webhooks::{Error, Event, ThinEvent, Verifier};

use crate::{NOW, SECRET};

fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Names that are looked for, and others.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "id",
            "object",
            "type",
            "data",
            "request",
            "detail",
            "specversion",
            "created",
            "metadata",
            "amount",
            "currency",
            "customer",
            "refunds",
            "card",
            "parent",
        ])
        .prop_map(str::to_owned),
        ".{0,8}",
    ]
}

proptest! {
    #[test]
    fn any_bytes_as_body_and_header(body: Vec<u8>, header: Vec<u8>, now: i64) {
        let verifier = Verifier::new([SECRET]).unwrap();
        let refused = verifier.event(&body, header.as_slice(), now);
        prop_assert!(matches!(refused, Err(Error::Signature(_))));
        let _ = ThinEvent::parse(&body);
        let signed = SignedEvent::new(body, [SECRET], NOW);
        let _ = verifier.event(&signed.body, &signed.header, NOW);
    }

    #[test]
    fn any_json_is_an_event_or_an_error(value in json()) {
        let body = value.to_string();
        if let Ok(event) = Event::parse(body.as_bytes()) {
            let object = event.object();
            let _ = (format!("{event:?}{object:?}"), object.metadata(), event.object_id());
            prop_assert_eq!(event.json(), body.trim());
        }
    }

    #[test]
    fn any_object_in_a_known_event(
        kind in prop::sample::select(vec![
            "checkout.session", "payment_intent", "setup_intent", "charge", "refund", "dispute",
            "invoice", "subscription", "payment_method", "customer",
        ]),
        fields in prop::collection::vec((name(), json()), 0..6),
    ) {
        let mut builder = EventBuilder::new(format!("{kind}.updated").as_str(), "x_1");
        for (name, value) in fields {
            if name != "id" && name != "object" {
                builder = builder.field(&name, value);
            }
        }
        let event = builder.field("object", kind.into()).event();
        let object = event.object();
        prop_assert_eq!(object.id(), Some("x_1"));
    }
}

/// A generator that needs no crate: xorshift64*.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    /// Replaces, removes, repeats, inserts or cuts.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let byte = u8::try_from(self.next() & 0xff).unwrap();
            match self.below(6) {
                0 if !bytes.is_empty() => bytes[at] = byte,
                1 if !bytes.is_empty() => {
                    bytes.remove(at);
                }
                2 => {
                    let end = (at + self.below(40)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    bytes.splice(at..at, part);
                }
                3 => bytes.truncate(at),
                _ => {
                    const TELLING: &[u8] = b"{}[]\",:\\=.0-9eE\x00\xff,t=v1";
                    let byte = TELLING[self.below(TELLING.len())];
                    bytes.insert(at, byte);
                }
            }
        }
    }
}

#[test]
fn a_hundred_thousand_mutated_requests_do_no_harm() {
    let verifier = Verifier::new([SECRET]).unwrap().with_livemode(false);
    let originals = [
        EventBuilder::refund_created("re_1").sign(SECRET, NOW),
        EventBuilder::setup_intent_setup_failed("seti_1").sign_all(["whsec_other", SECRET], NOW),
        ThinEventBuilder::new("v2.core.account.updated", "acct_1").sign(SECRET, NOW),
        SignedEvent::new(
            br#"{"id":"c","detail-type":"x","detail":{"id":"evt_1"}}"#.as_slice(),
            [SECRET],
            NOW,
        ),
    ];
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut refused, mut parsed) = (0, 0);
    for round in 0..100_000 {
        let mut sent = originals[round % originals.len()].clone();
        let mut header = sent.header.clone().into_bytes();
        if round % 3 == 0 {
            random.mutate(&mut header);
            let verdict = verifier.verify(&sent.body, header.as_slice(), NOW);
            refused += usize::from(verdict.is_err());
        } else {
            let whole = sent.body.clone();
            random.mutate(&mut sent.body);
            // Rarely the mutations undo one another.
            if sent.body != whole && round % 10 == 0 {
                assert!(verifier.event(&sent.body, header.as_slice(), NOW).is_err());
                refused += 1;
            }
            if let Ok(event) = Event::parse(&sent.body) {
                let _ = event.object();
                parsed += 1;
            }
        }
    }
    assert!(refused > 30_000, "{refused}");
    assert!(parsed > 5_000, "{parsed}");
}

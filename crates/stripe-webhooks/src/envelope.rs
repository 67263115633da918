use std::fmt;

use crate::json::{elements, members};

/// A cloud's event bus that wraps events in an envelope of its own.
///
/// What arrives over one is authenticated by the bus and carries no `Stripe-Signature`; this
/// crate recognises it, to say so, and refuses it.
///
/// # Examples
///
/// ```
/// use stripe_webhooks::{Envelope, Error, Event};
///
/// let body = br#"{"version":"0","detail-type":"invoice.paid","source":"aws.partner/stripe.com","detail":{}}"#;
/// let error = Event::parse(body).unwrap_err();
/// assert!(matches!(error, Error::Envelope(Envelope::EventBridge)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Envelope {
    /// Amazon's `EventBridge`: the event is in `detail`.
    EventBridge,
    /// Azure Event Grid, or another sender of `CloudEvents`: the event is in `data`.
    EventGrid,
}

impl Envelope {
    /// Which one it is; Event Grid may send several in an array.
    pub(crate) fn of(json: &str) -> Option<Self> {
        let json = if json.starts_with('[') {
            let mut first = None;
            elements(json, |element| first = first.or(Some(element)));
            first?
        } else {
            json
        };
        let (mut detail, mut spec, mut data, mut event) = (false, false, false, false);
        members(json, |name, value| match name {
            "detail" => detail = value.starts_with('{'),
            "specversion" => spec = true,
            "data" => data = true,
            "object" => event = true,
            _ => {}
        })
        .ok()?;
        match () {
            () if event => None,
            () if detail => Some(Self::EventBridge),
            () if spec && data => Some(Self::EventGrid),
            () => None,
        }
    }
}

impl fmt::Display for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EventBridge => "Amazon EventBridge",
            Self::EventGrid => "Azure Event Grid",
        })
    }
}

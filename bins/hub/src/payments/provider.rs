//! Stripe, as the hub talks to it.

use std::time::Duration;

use integration_core::Clock;
use integration_core::transport::{ReqwestOptions, ReqwestTransport};
use stripe_lite::{Client, Error, RetryPolicy};

use crate::platform::config::Stripe;
use crate::platform::error::HubError;
use crate::platform::metrics::Measured;

/// How long one attempt may take.
const CALL: Duration = Duration::from_secs(8);
/// From then on, no further attempt.
const TOTAL: Duration = Duration::from_secs(15);

/// A client of Stripe, measured. Attempts of one call share its idempotency key.
///
/// # Errors
///
/// The key is none, or the address cannot be used.
pub fn stripe_client(settings: &Stripe, clock: &Clock) -> Result<Client, Error> {
    let mut options = ReqwestOptions::default();
    let mut builder = Client::builder(settings.key.clone())
        .timeout(CALL)
        .clock(clock.clone())
        .retry(RetryPolicy::default().max_attempts(3).total_budget(TOTAL));
    if let Some(url) = &settings.url {
        options.https = url.is_https();
        builder = builder.url(url.as_str());
    }
    match ReqwestTransport::new(&options) {
        Ok(transport) => builder
            .transport(Measured::new("stripe", transport))
            .build(),
        // The client's own set-up reports what is wrong.
        Err(_) => builder.build(),
    }
}

/// Asks Stripe for as little as possible.
///
/// # Errors
///
/// It does not answer as it should.
pub async fn probe(stripe: &Client) -> Result<(), Error> {
    stripe.balance().await.map(drop)
}

/// Stripe's failure as the hub's.
pub(super) fn failed(error: &Error) -> HubError {
    let answer = match error {
        Error::Busy(busy) => {
            let wait = busy.retry_after().unwrap_or(Duration::from_secs(2));
            HubError::unavailable().retry_after(wait)
        }
        Error::Lost(cause) | Error::Transport(cause) if cause.is_timeout() => {
            HubError::upstream_timeout()
        }
        _ => HubError::upstream(),
    };
    answer.caused_by(error)
}

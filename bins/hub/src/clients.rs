//! Clients: find one, and see at once what is due, what is installed, how it is, what happened.
//!
//! Everything is read when it is shown and nothing is kept: ERPNext owns it all, but for what the
//! modems say, which the device server owns.

mod assemble;
mod cursor;
mod find;
mod lookup;
mod modem;
mod page;
mod read;
mod rows;
mod screens;
mod view;

use std::time::Duration;

use erpnext_client::{Client, Credentials, Error, RetryPolicy};
use integration_core::transport::{ReqwestOptions, ReqwestTransport};

use crate::platform::api::Api;
use crate::platform::config::Erpnext;
use crate::platform::metrics::Measured;

/// How long one call of ERPNext may take: a page must not hang with it.
const CALL: Duration = Duration::from_secs(8);
/// Most calls under way: a page makes a dozen at once, and ERPNext's workers are few.
const AT_ONCE: usize = 16;

/// Screens of this room.
pub fn api() -> Api {
    screens::api()
}

/// A client of ERPNext, measured.
///
/// # Errors
///
/// The address cannot be used.
pub fn erp_client(settings: &Erpnext) -> Result<Client, Error> {
    let url = settings.url.as_str();
    let mut options = ReqwestOptions::default();
    options.https = url.starts_with("https:");
    let builder = Client::builder(url)
        .credentials(Credentials::token(
            settings.key.expose(),
            settings.secret.clone(),
        ))
        .timeout(CALL)
        .max_concurrent(AT_ONCE)
        .max_wait(CALL)
        .retry(
            RetryPolicy::default()
                .max_attempts(2)
                .total_budget(Duration::from_secs(4)),
        );
    match ReqwestTransport::new(&options) {
        Ok(transport) => builder
            .transport(Measured::new("erpnext", transport))
            .build(),
        // The client's own set-up reports what is wrong.
        Err(_) => builder.build(),
    }
}

/// Asks ERPNext for as little as possible.
///
/// # Errors
///
/// It does not answer as it should.
pub async fn probe(erp: &Client) -> Result<(), Error> {
    erp.ping().await
}

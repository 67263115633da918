//! `/ping/{host}`.

use std::net::Ipv6Addr;
use std::time::Duration;

use http::{Method, StatusCode};
use integration_core::ApiPath;

use super::{Client, accepted};
use crate::error::Error;

/// What a ping from the server's host said.
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # use genieacs_nbi::{Client, Credentials, Ping, testing::FakeNbi};
/// # let fake = FakeNbi::start().await?;
/// # let client = Client::new(fake.url(), Credentials::None)?;
/// fake.unreachable_host("192.0.2.7");
/// assert_eq!(client.ping("192.0.2.7").await?, Ping::Unreachable);
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Ping {
    /// The host answered.
    Reachable {
        /// Packets sent, when the output told.
        transmitted: Option<u32>,
        /// Packets that came back.
        received: Option<u32>,
        /// Mean round trip.
        average: Option<Duration>,
        /// The output of the program.
        output: String,
    },
    /// The host did not answer.
    Unreachable,
}

pub(super) async fn ping(client: &Client, host: &str) -> Result<Ping, Error> {
    let invalid = || Error::invalid("host", "is neither a name nor an address");
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.');
    let is_name = (1..=253).contains(&host.len())
        && host.bytes().all(plain)
        && !host.starts_with('-')
        && !host.bytes().all(|b| b == b'.');
    if !is_name && host.parse::<Ipv6Addr>().is_err() {
        return Err(invalid());
    }
    // The route takes dots and colons only when they are not escaped.
    let path = ApiPath::new("ping")
        .segment_with(host, ":")
        .map_err(|_| invalid())?;
    let response = client
        .request(Method::GET, path)
        .idempotent(false)
        .send()
        .await?;
    let unreachable =
        response.status() == StatusCode::NOT_FOUND && response.body().as_ref() != b"404 Not Found";
    if unreachable {
        return Ok(Ping::Unreachable);
    }
    let response = accepted(response, "host")?;
    let output = String::from_utf8_lossy(response.body()).into_owned();
    let before = |marker: &str| {
        let (head, _) = output.split_once(marker)?;
        head.rsplit([' ', ',', '\n']).next()?.trim().parse().ok()
    };
    let average = output
        .split_once("min/avg/max")
        .and_then(|(_, rest)| rest.split_once('='))
        .and_then(|(_, rest)| rest.split('/').nth(1)?.trim().parse::<f64>().ok())
        .and_then(|ms| Duration::try_from_secs_f64(ms / 1000.0).ok());
    Ok(Ping::Reachable {
        transmitted: before(" packets transmitted"),
        received: before(" received").or_else(|| before(" packets received")),
        average,
        output,
    })
}

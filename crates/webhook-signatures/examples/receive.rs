//! A receiver's decision, with what a sender would have sent: `receive [SECRET]`, body on stdin.
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::io::Read as _;
use std::time::{Duration, SystemTime};

use webhook_signatures::{Header, stripe};

fn main() -> Result<(), Box<dyn Error>> {
    let secret = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "whsec_example".to_owned());
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body)?;
    if body.is_empty() {
        body.extend_from_slice(br#"{"id":"evt_1"}"#);
    }

    // A fixed instant keeps the output the same; a server takes its clock's.
    let sent = SystemTime::UNIX_EPOCH + Duration::from_secs(1_763_827_200);
    let header = stripe::sign([&secret], &body, sent);
    println!("{}: {header}", stripe::HEADER);

    let verifier = stripe::Verifier::new([&secret])?;
    let decide = |what: &str, header: Header<'_>, now: SystemTime| match verifier
        .verify(&body, header, now)
    {
        Ok(verified) => println!("{what}: valid, secret {}", verified.secret()),
        Err(error) => println!("{what}: {} ({error})", error.code()),
    };
    decide("at once", Header::from(&header), sent);
    decide(
        "an hour later",
        Header::from(&header),
        sent + Duration::from_secs(3600),
    );
    decide("without the header", Header::ABSENT, sent);
    Ok(())
}

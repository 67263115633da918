//! Writes parameters as a form: one JSON object a line in, one form a line out.
//!
//! ```sh
//! echo '{"metadata":{"invoice":"SINV-0042"}}' | cargo run --example encode_form
//! ```
#![allow(clippy::print_stdout, reason = "an example talks to a terminal")]

use std::io::BufRead as _;

use stripe_lite::Params;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in std::io::stdin().lock().lines() {
        let params: Params = serde_json::from_str(&line?)?;
        println!("{}", params.encode());
    }
    Ok(())
}

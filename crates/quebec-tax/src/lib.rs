#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod ageing;
mod amount;
mod error;
mod locale;
mod money;
mod proration;
mod split;
mod tax;
mod taxes;

pub use ageing::{AgeBy, Aged, Ageing, Bucket, NotDue, OpenItem};
pub use amount::{MAX_AMOUNT, from_cents, round_to_cent, to_cents};
pub use error::Error;
pub use locale::Locale;
pub use money::{money, parse_money};
pub use proration::{Proration, prorate};
/// The type of amounts: an exact decimal number of dollars.
pub use rust_decimal::Decimal;
pub use split::split;
pub use tax::Tax;
pub use taxes::{Line, Taxes};

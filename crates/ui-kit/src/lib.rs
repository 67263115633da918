#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod assets;
mod badge;
mod banner;
mod button;
mod card;
mod confirm;
mod facts;
mod form;
pub mod format;
mod head;
mod href;
mod icon;
mod lang;
mod list;
mod nav;
mod page;
mod security;
mod state;
mod stats;
mod svg;
mod table;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
mod tokens;
mod typo;

pub use assets::{ASSET_CACHE_CONTROL, Asset, assets, script_path, stylesheet, stylesheet_path};
pub use badge::{Badge, Tone};
pub use banner::Banner;
pub use button::{Button, Weight};
pub use card::{Card, DiagnosticCard};
pub use confirm::Confirm;
pub use facts::{Facts, mono};
pub use form::{Field, choices, error_summary, form_post, form_search};
pub use head::{PageHead, pager, steps};
pub use href::{query_value, safe_href};
pub use icon::{Icon, favicon};
pub use lang::Lang;
pub use list::{Item, item_list};
// Re-exported so that pages need not name the template crate's version themselves.
pub use maud::{self, Markup, Render, html};
pub use nav::NavItem;
pub use page::{Page, Theme};
pub use security::{PageSecurity, security_headers};
pub use state::{Empty, ErrorPart, ago, read_age, skeleton};
pub use stats::{Stat, stat_strip};
pub use svg::{Bands, Gauge, LineChart, Point, sparkline};
pub use table::{Align, Row, Table};
pub use text::{Phrase, Text};
pub use tokens::{Rgb, TOKENS, Token, token, tokens_css};
pub use typo::{Slip, french_slips};

//! Every setting there is, and the rule each value follows.

use std::net::{IpAddr, SocketAddr};

use integration_core::BaseUrl;
use jiff::tz::TimeZone;

/// One setting.
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

impl Setting {
    pub(crate) const fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Secret | Kind::Keys | Kind::Dsn)
    }
}

/// What a value must look like.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// An http or https address.
    Url,
    /// Any text.
    Text,
    /// Any text, kept secret.
    Secret,
    /// A comma list of signing keys of 32 bytes or more; the first signs.
    Keys,
    /// An address that holds a password.
    Dsn,
    /// `ip:port`.
    Socket,
    /// A comma list of networks.
    Networks,
    /// A telephone number, E.164.
    Phone,
    /// An amount of money.
    Amount,
    /// A name of the time zone database.
    Zone,
}

impl Kind {
    /// The rule a value breaks.
    pub(crate) fn check(self, value: &str) -> Result<(), String> {
        let rule = match self {
            Self::Text | Self::Secret => return Ok(()),
            Self::Url => match value.parse::<BaseUrl>() {
                Ok(_) => return Ok(()),
                Err(invalid) => return Err(invalid.to_string()),
            },
            Self::Keys if value.split(',').all(|key| key.trim().len() >= 32) => return Ok(()),
            Self::Keys => "needs keys of 32 bytes or more, separated by commas",
            Self::Dsn if value.contains("://") => return Ok(()),
            Self::Dsn => "must look like scheme://user:password@host/name",
            Self::Socket if value.parse::<SocketAddr>().is_ok() => return Ok(()),
            Self::Socket => "must look like 127.0.0.1:3300",
            Self::Networks if value.split(',').all(|network| is_network(network.trim())) => {
                return Ok(());
            }
            Self::Networks => "must be a comma list of networks like 10.0.0.0/8",
            Self::Phone if is_phone(value) => return Ok(()),
            Self::Phone => "must look like +14505550142",
            Self::Amount if value.parse::<f64>().is_ok_and(|amount| amount >= 0.0) => return Ok(()),
            Self::Amount => "must be an amount like 25.00",
            Self::Zone if TimeZone::get(value).is_ok() => return Ok(()),
            Self::Zone => "must be a zone like America/Toronto",
        };
        Err(rule.to_owned())
    }
}

fn is_network(text: &str) -> bool {
    let (address, bits) = text
        .split_once('/')
        .map_or((text, None), |(address, bits)| (address, Some(bits)));
    let Ok(address) = address.parse::<IpAddr>() else {
        return false;
    };
    let most = if address.is_ipv4() { 32 } else { 128 };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most))
}

fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

const fn s(name: &'static str, kind: Kind) -> Setting {
    Setting { name, kind }
}

/// All of them, in the order of the manual.
pub(crate) const KNOWN: &[Setting] = &[
    s("HUB_LISTEN", Kind::Socket),
    s("HUB_METRICS_LISTEN", Kind::Socket),
    s("HUB_DATA_DIR", Kind::Text),
    s("REDIS_URL", Kind::Dsn),
    s("PUBLIC_URL", Kind::Url),
    s("PORTAL_URL", Kind::Url),
    s("TRUSTED_PROXIES", Kind::Networks),
    s("INTERNAL_TOKEN", Kind::Secret),
    s("MAGIC_LINK_SECRET", Kind::Keys),
    s("ERPNEXT_URL", Kind::Url),
    s("ERPNEXT_API_KEY", Kind::Secret),
    s("ERPNEXT_API_SECRET", Kind::Secret),
    s("ERPNEXT_TIME_ZONE", Kind::Zone),
    s("GENIEACS_NBI_URL", Kind::Url),
    s("OKTOPUS_URL", Kind::Url),
    s("OKTOPUS_USER", Kind::Text),
    s("OKTOPUS_PASSWORD", Kind::Secret),
    s("MQTT_URL", Kind::Dsn),
    s("STRIPE_API_URL", Kind::Url),
    s("STRIPE_SECRET_KEY", Kind::Secret),
    s("STRIPE_WEBHOOK_SECRET", Kind::Secret),
    s("TWILIO_API_URL", Kind::Url),
    s("TWILIO_ACCOUNT_SID", Kind::Text),
    s("TWILIO_AUTH_TOKEN", Kind::Secret),
    s("TWILIO_FROM", Kind::Phone),
    s("SMTP_URL", Kind::Dsn),
    s("MAIL_FROM", Kind::Text),
    s("TRACCAR_URL", Kind::Url),
    s("TRACCAR_TOKEN", Kind::Secret),
    s("GEMINI_API_URL", Kind::Url),
    s("GEMINI_API_KEY", Kind::Secret),
    s("DOCUSEAL_URL", Kind::Url),
    s("DOCUSEAL_TOKEN", Kind::Secret),
    s("DOCUSEAL_WEBHOOK_SECRET", Kind::Secret),
    s("KUMA_WEBHOOK_SECRET", Kind::Secret),
    s("THREECX_WEBHOOK_SECRET", Kind::Secret),
    s("RQA_URL", Kind::Url),
    s("RQA_KEY", Kind::Secret),
    s("LEGACY_DB_URL", Kind::Dsn),
    s("MODEM_BRIDGE_URL", Kind::Url),
    s("MODEM_BRIDGE_TOKEN", Kind::Secret),
    s("OLT_CONFIG", Kind::Text),
    s("INFLUX_URL", Kind::Url),
    s("INFLUX_TOKEN", Kind::Secret),
    s("LOKI_URL", Kind::Url),
    s("LOKI_TOKEN", Kind::Secret),
    s("AUTHENTIK_URL", Kind::Url),
    s("AUTHENTIK_TOKEN", Kind::Secret),
    s("N8N_URL", Kind::Url),
    s("N8N_API_KEY", Kind::Secret),
    s("ROUTR_URL", Kind::Text),
    s("REPORTS_DB_URL", Kind::Dsn),
    s("VOICE_MODEL", Kind::Text),
    s("AI_DAILY_BUDGET_CAD", Kind::Amount),
];

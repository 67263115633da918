//! Settings: read once from the environment, all mistakes reported together.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use erpnext_client::Client as ErpClient;
use genieacs_nbi::Client as NbiClient;
use integration_core::{BaseUrl, Clock, Secret};
use ipnet::IpNet;
use stripe_lite::Client as StripeClient;

/// A setting that cannot be used: its name and the rule, never its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Name of the variable.
    pub name: String,
    /// What it must be.
    pub rule: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.rule)
    }
}

/// The hub's settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// `HUB_LISTEN`: where the hub answers.
    pub listen: SocketAddr,
    /// `HUB_METRICS_LISTEN`: where `/metrics` alone answers.
    pub metrics_listen: Option<SocketAddr>,
    /// `HUB_SSE_LISTEN`: where streams alone answer, with less memory for each.
    pub sse_listen: Option<SocketAddr>,
    /// `HUB_DATA_DIR`: where embedded state lies.
    pub data_dir: Option<PathBuf>,
    /// `PUBLIC_URL`: the address staff and remotes know the hub by.
    pub public_url: Option<BaseUrl>,
    /// `TRUSTED_PROXIES`: the only peers that may say who calls.
    pub trusted_proxies: Vec<IpNet>,
    /// `INTERNAL_TOKEN`: bearers of machine calls; any of them is accepted.
    pub internal_tokens: Vec<Secret>,
    /// `MAGIC_LINK_SECRET`: first signs, all verify.
    pub signing_secrets: Vec<Secret>,
    /// `ERPNEXT_URL`, `ERPNEXT_API_KEY`, `ERPNEXT_API_SECRET`.
    pub erpnext: Option<Erpnext>,
    /// `GENIEACS_NBI_URL`.
    pub genieacs_nbi_url: Option<BaseUrl>,
    /// `PORTAL_URL`: the address customers know the hub by.
    pub portal_url: Option<BaseUrl>,
    /// `STRIPE_API_URL`, `STRIPE_SECRET_KEY`.
    pub stripe: Option<Stripe>,
    /// `STRIPE_WEBHOOK_SECRET`: any of them may have signed an event.
    pub stripe_webhook_secrets: Vec<Secret>,
}

/// Where Stripe is, and the key of the account.
#[derive(Clone, Debug)]
pub struct Stripe {
    /// `STRIPE_API_URL`; Stripe's own address unless set.
    pub url: Option<BaseUrl>,
    /// `STRIPE_SECRET_KEY`.
    pub key: Secret,
}

impl Stripe {
    /// Whether the key is one of live money: events of the other mode are not ours.
    #[must_use]
    pub fn is_live(&self) -> bool {
        let key = self.key.expose();
        key.starts_with("sk_live_") || key.starts_with("rk_live_")
    }
}

/// Where ERPNext is, and how the hub is let in.
#[derive(Clone, Debug)]
pub struct Erpnext {
    /// `ERPNEXT_URL`.
    pub url: BaseUrl,
    /// `ERPNEXT_API_KEY`.
    pub key: Secret,
    /// `ERPNEXT_API_SECRET`.
    pub secret: Secret,
}

/// A variable whose value is not UTF-8.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "says all there is to say")]
pub struct NotText;

/// Where settings come from; a test gives a map.
pub trait Source {
    /// The value of a variable, where it is set.
    ///
    /// # Errors
    ///
    /// It is not text.
    fn var(&self, name: &str) -> Result<Option<String>, NotText>;
    /// Names of all variables that are set.
    fn names(&self) -> Vec<String>;
    /// The content of a file.
    ///
    /// # Errors
    ///
    /// The file cannot be read as text.
    fn file(&self, path: &str) -> std::io::Result<String>;
}

/// The environment of the process.
#[derive(Debug)]
pub struct Environment;

#[allow(
    clippy::disallowed_methods,
    reason = "the one place where the environment is read"
)]
impl Source for Environment {
    fn var(&self, name: &str) -> Result<Option<String>, NotText> {
        std::env::var_os(name)
            .map(|value| value.into_string().map_err(|_| NotText))
            .transpose()
    }

    fn names(&self) -> Vec<String> {
        std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .collect()
    }

    fn file(&self, path: &str) -> std::io::Result<String> {
        std::fs::read_to_string(path)
    }
}

impl Source for BTreeMap<String, String> {
    fn var(&self, name: &str) -> Result<Option<String>, NotText> {
        Ok(self.get(name).cloned())
    }

    fn names(&self) -> Vec<String> {
        self.keys().cloned().collect()
    }

    fn file(&self, path: &str) -> std::io::Result<String> {
        std::fs::read_to_string(path)
    }
}

/// Every `HUB_*` variable there is; another one is a slip of the pen.
const HUB_VARIABLES: &[&str] = &[
    "HUB_LISTEN",
    "HUB_METRICS_LISTEN",
    "HUB_SSE_LISTEN",
    "HUB_DATA_DIR",
];

/// Reads values and gathers mistakes.
struct Reader<'a> {
    source: &'a dyn Source,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn wrong(&mut self, name: &str, rule: impl Into<String>) {
        self.mistakes.push(Mistake {
            name: name.to_owned(),
            rule: rule.into(),
        });
    }

    /// A variable; set but empty counts as absent, as compose files leave it.
    fn text(&mut self, name: &str) -> Option<String> {
        match self.source.var(name) {
            Ok(value) => value.filter(|value| !value.is_empty()),
            Err(NotText) => {
                self.wrong(name, "is text in UTF-8");
                None
            }
        }
    }

    fn parsed<T>(
        &mut self,
        name: &str,
        rule: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(name)?;
        let value = parse(text.trim());
        if value.is_none() {
            self.wrong(name, rule);
        }
        value
    }

    fn url(&mut self, name: &str) -> Option<BaseUrl> {
        let text = self.text(name)?;
        match text.parse() {
            Ok(url) => Some(url),
            Err(rule) => {
                self.wrong(name, rule.to_string());
                None
            }
        }
    }

    /// `X` or `X_FILE`, not both; one trailing newline of a file is not part of the secret.
    fn secret(&mut self, name: &str) -> Option<String> {
        let file_name = format!("{name}_FILE");
        match (self.text(name), self.text(&file_name)) {
            (Some(_), Some(_)) => {
                self.wrong(name, format!("set either {name} or {file_name}, not both"));
                None
            }
            (Some(value), None) => Some(value),
            (None, Some(path)) => match self.source.file(&path) {
                Ok(content) => {
                    let value = content.strip_suffix('\n').unwrap_or(&content);
                    let value = value.strip_suffix('\r').unwrap_or(value);
                    if value.is_empty() {
                        self.wrong(&file_name, "the file is empty");
                    }
                    (!value.is_empty()).then(|| value.to_owned())
                }
                Err(error) => {
                    self.wrong(
                        &file_name,
                        format!("the file cannot be read: {}", error.kind()),
                    );
                    None
                }
            },
            (None, None) => None,
        }
    }

    /// ERPNext, all of it or none.
    fn erpnext(&mut self) -> Option<Erpnext> {
        let names = ["ERPNEXT_URL", "ERPNEXT_API_KEY", "ERPNEXT_API_SECRET"];
        let before = self.mistakes.len();
        let url = self.url(names[0]);
        let key = self.secret(names[1]);
        let secret = self.secret(names[2]);
        match (url, key, secret) {
            (Some(url), Some(key), Some(secret)) => Some(Erpnext {
                url,
                key: key.into(),
                secret: secret.into(),
            }),
            (None, None, None) => None,
            (url, key, secret) => {
                let set = [url.is_some(), key.is_some(), secret.is_some()];
                // A value that is wrong is not one that is missing.
                if self.mistakes.len() == before {
                    let rule =
                        "set all of ERPNEXT_URL, ERPNEXT_API_KEY and ERPNEXT_API_SECRET, or none";
                    for (name, _) in names.iter().zip(set).filter(|(_, set)| !set) {
                        self.wrong(name, rule);
                    }
                }
                None
            }
        }
    }

    /// Stripe; an address without a key is a slip of the pen.
    fn stripe(&mut self) -> Option<Stripe> {
        let before = self.mistakes.len();
        let url = self.url("STRIPE_API_URL");
        match self.secret("STRIPE_SECRET_KEY") {
            Some(key) => Some(Stripe {
                url,
                key: key.into(),
            }),
            None => {
                if url.is_some() && self.mistakes.len() == before {
                    self.wrong("STRIPE_SECRET_KEY", "set it beside STRIPE_API_URL");
                }
                None
            }
        }
    }

    /// A comma list of secrets: the first signs, all verify.
    fn secrets(&mut self, name: &str, min_bytes: usize) -> Vec<Secret> {
        let Some(list) = self.secret(name) else {
            return Vec::new();
        };
        let secrets: Vec<&str> = list.split(',').map(str::trim).collect();
        if secrets.iter().any(|secret| secret.len() < min_bytes) {
            self.wrong(name, format!("each secret has at least {min_bytes} bytes"));
            return Vec::new();
        }
        secrets.into_iter().map(Secret::from).collect()
    }
}

impl Config {
    /// Reads and checks all settings.
    ///
    /// # Errors
    ///
    /// Every mistake found, in the order of the settings.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::collections::BTreeMap;
    ///
    /// let wrong = BTreeMap::from([("HUB_LISTEN".to_owned(), "here".to_owned())]);
    /// let mistakes = hub::platform::config::Config::read(&wrong).unwrap_err();
    /// assert_eq!(mistakes[0].name, "HUB_LISTEN");
    /// ```
    pub fn read(source: &dyn Source) -> Result<Self, Vec<Mistake>> {
        let mut reader = Reader {
            source,
            mistakes: Vec::new(),
        };
        let address = "an address and port, such as 127.0.0.1:3300";
        let config = Self {
            listen: reader
                .parsed("HUB_LISTEN", address, |text| text.parse().ok())
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3300))),
            metrics_listen: reader.parsed("HUB_METRICS_LISTEN", address, |text| text.parse().ok()),
            sse_listen: reader.parsed("HUB_SSE_LISTEN", address, |text| text.parse().ok()),
            data_dir: reader.text("HUB_DATA_DIR").map(PathBuf::from),
            public_url: reader.url("PUBLIC_URL"),
            trusted_proxies: reader
                .parsed(
                    "TRUSTED_PROXIES",
                    "a comma list of addresses or networks, such as 10.0.0.0/24,127.0.0.1; not everyone",
                    parse_networks,
                )
                .unwrap_or_default(),
            internal_tokens: reader.secrets("INTERNAL_TOKEN", 16),
            signing_secrets: reader.secrets("MAGIC_LINK_SECRET", 32),
            erpnext: reader.erpnext(),
            genieacs_nbi_url: reader.url("GENIEACS_NBI_URL"),
            portal_url: reader.url("PORTAL_URL"),
            stripe: reader.stripe(),
            stripe_webhook_secrets: reader.secrets("STRIPE_WEBHOOK_SECRET", 8),
        };
        for name in source.names() {
            if name.starts_with("HUB_") && !HUB_VARIABLES.contains(&name.as_str()) {
                reader.wrong(&name, "no such setting");
            }
        }
        if reader.mistakes.is_empty() {
            Ok(config)
        } else {
            Err(reader.mistakes)
        }
    }

    /// One line per setting, secrets as the number of them.
    #[must_use]
    pub fn redacted(&self) -> String {
        let shown = |value: Option<String>| value.unwrap_or_else(|| "(not set)".to_owned());
        let networks: Vec<String> = self.trusted_proxies.iter().map(IpNet::to_string).collect();
        let secret = |count: usize| format!("({count} set)");
        [
            ("HUB_LISTEN", self.listen.to_string()),
            (
                "HUB_METRICS_LISTEN",
                shown(self.metrics_listen.map(|a| a.to_string())),
            ),
            (
                "HUB_SSE_LISTEN",
                shown(self.sse_listen.map(|a| a.to_string())),
            ),
            (
                "HUB_DATA_DIR",
                shown(self.data_dir.as_ref().map(|p| p.display().to_string())),
            ),
            (
                "PUBLIC_URL",
                shown(self.public_url.as_ref().map(BaseUrl::to_string)),
            ),
            ("TRUSTED_PROXIES", networks.join(",")),
            ("INTERNAL_TOKEN", secret(self.internal_tokens.len())),
            ("MAGIC_LINK_SECRET", secret(self.signing_secrets.len())),
            (
                "ERPNEXT_URL",
                shown(self.erpnext.as_ref().map(|erp| erp.url.to_string())),
            ),
            (
                "ERPNEXT_API_KEY",
                secret(usize::from(self.erpnext.is_some())),
            ),
            (
                "ERPNEXT_API_SECRET",
                secret(usize::from(self.erpnext.is_some())),
            ),
            (
                "GENIEACS_NBI_URL",
                shown(self.genieacs_nbi_url.as_ref().map(BaseUrl::to_string)),
            ),
            (
                "PORTAL_URL",
                shown(self.portal_url.as_ref().map(BaseUrl::to_string)),
            ),
            (
                "STRIPE_API_URL",
                shown(
                    self.stripe
                        .as_ref()
                        .and_then(|stripe| stripe.url.as_ref())
                        .map(BaseUrl::to_string),
                ),
            ),
            (
                "STRIPE_SECRET_KEY",
                secret(usize::from(self.stripe.is_some())),
            ),
            (
                "STRIPE_WEBHOOK_SECRET",
                secret(self.stripe_webhook_secrets.len()),
            ),
        ]
        .into_iter()
        .fold(String::new(), |text, (name, value)| {
            format!("{text}{name}={value}\n")
        })
    }

    /// The client of ERPNext, where there is one.
    ///
    /// # Errors
    ///
    /// The address cannot be reached in this build or on this machine (HTTPS without roots).
    pub fn erp(&self) -> Result<Option<ErpClient>, Mistake> {
        let Some(settings) = &self.erpnext else {
            return Ok(None);
        };
        crate::clients::erp_client(settings)
            .map(Some)
            .map_err(|error| Mistake {
                name: "ERPNEXT_URL".to_owned(),
                rule: error.to_string(),
            })
    }

    /// The client of Stripe, where there is one.
    ///
    /// # Errors
    ///
    /// The key is none, or the address cannot be reached in this build or on this machine.
    pub fn stripe_client(&self, clock: &Clock) -> Result<Option<StripeClient>, Mistake> {
        let Some(settings) = &self.stripe else {
            return Ok(None);
        };
        crate::payments::stripe_client(settings, clock)
            .map(Some)
            .map_err(|error| Mistake {
                name: "STRIPE_SECRET_KEY".to_owned(),
                rule: error.to_string(),
            })
    }

    /// The client of the device server, where there is one.
    ///
    /// # Errors
    ///
    /// The address cannot be reached in this build or on this machine (HTTPS without roots).
    pub fn nbi(&self) -> Result<Option<NbiClient>, Mistake> {
        let Some(url) = &self.genieacs_nbi_url else {
            return Ok(None);
        };
        crate::devices::nbi_client(url.as_str())
            .map(Some)
            .map_err(|error| Mistake {
                name: "GENIEACS_NBI_URL".to_owned(),
                rule: error.to_string(),
            })
    }
}

fn parse_networks(list: &str) -> Option<Vec<IpNet>> {
    list.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(|item| {
            let network = item.parse::<IpNet>().ok();
            // A network of everyone would make every caller staff.
            network
                .or_else(|| item.parse::<std::net::IpAddr>().ok().map(IpNet::from))
                .filter(|network| network.prefix_len() > 0)
        })
        .collect()
}

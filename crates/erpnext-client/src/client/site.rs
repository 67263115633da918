//! What is known about the site.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::Method;
use integration_core::ApiPath;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::Client;
use super::send::{Call, Envelope, Repeat};
use crate::{Dialect, DocName, Error};

/// An app installed on a site.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct App {
    /// Version, such as `15.55.1`.
    pub version: String,
    /// Title: free text.
    #[serde(default)]
    pub title: String,
    /// Branch it was installed from; often empty.
    #[serde(default)]
    pub branch: String,
}

/// What [`Client::site`] learnt.
///
/// # Examples
/// ```no_run
/// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
/// let site = client.site().await?;
/// if let Some(erpnext) = site.app("erpnext") {
///     println!("ERPNext {}, times are of {:?}", erpnext.version, site.zone().iana_name());
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Site {
    apps: BTreeMap<String, App>,
    dialect: Dialect,
    zone: TimeZone,
}

impl Site {
    /// The apps, by their names: `frappe`, `erpnext`, …
    #[must_use]
    pub fn apps(&self) -> &BTreeMap<String, App> {
        &self.apps
    }

    /// An app by its name.
    #[must_use]
    pub fn app(&self, name: &str) -> Option<&App> {
        self.apps.get(name)
    }

    /// Version of Frappe.
    #[must_use]
    pub fn frappe(&self) -> &str {
        self.app("frappe").map_or("", |app| &app.version)
    }

    /// The query dialect.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The zone in which the site writes its times, from its System Settings. For a user who may
    /// not read those, Frappe tells the user's own zone where there is one: set
    /// [`ClientBuilder::zone`](crate::ClientBuilder::zone) when they differ.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
}

impl Client {
    /// The query dialect: as set, else of the version of Frappe, which is asked once.
    ///
    /// # Errors
    /// See [`Error`]; 403 for Guest, who is not told the version.
    pub async fn dialect(&self) -> Result<Dialect, Error> {
        let asked = || async {
            let apps = self.apps().await?;
            let version = apps.get("frappe").map(|app| app.version.as_str());
            version.and_then(Dialect::of_version).ok_or(Error::Decode {
                what: "versions",
                source: None,
            })
        };
        self.inner.dialect.get_or_try_init(asked).await.copied()
    }

    /// Versions and time zone of the site, asked once for all clones.
    ///
    /// # Errors
    /// See [`Error`]; 403 for Guest.
    pub async fn site(&self) -> Result<Arc<Site>, Error> {
        let asked = || async {
            Ok::<_, Error>(Arc::new(Site {
                apps: self.apps().await?.clone(),
                dialect: self.dialect().await?,
                zone: match &self.inner.zone {
                    Some(zone) => zone.clone(),
                    None => self.ask_zone().await?,
                },
            }))
        };
        self.inner.site.get_or_try_init(asked).await.cloned()
    }

    async fn apps(&self) -> Result<&BTreeMap<String, App>, Error> {
        let path = ApiPath::new("api/method/frappe.utils.change_log.get_versions");
        let asked = || self.ask("versions", path);
        self.inner.apps.get_or_try_init(asked).await
    }

    async fn ask_zone(&self) -> Result<TimeZone, Error> {
        #[derive(Deserialize)]
        struct Defaults {
            time_zone: String,
        }
        let setting = self
            .rpc("frappe.client.get_single_value")
            .arg("doctype", "System Settings")
            .arg("field", "time_zone")
            .get::<Option<String>>()
            .await;
        let time_zone = match setting {
            Ok(Some(time_zone)) => time_zone,
            Err(error) if !error.is_permission() => return Err(error),
            // Who may not read the settings is told a default, in which the user's own zone comes
            // before the site's; most users have the site's.
            Ok(None) | Err(_) => {
                let path = ApiPath::new("api/method/frappe.client.get_time_zone");
                self.ask::<Defaults>("the time zone", path).await?.time_zone
            }
        };
        TimeZone::get(&time_zone).map_err(|_| Error::Decode {
            what: "the time zone",
            source: None,
        })
    }

    /// The user the site takes this client for: the cheapest proof that the credentials work.
    ///
    /// # Errors
    /// See [`Error`]: 401 for wrong credentials, 403 for none.
    pub async fn user(&self) -> Result<DocName, Error> {
        self.ask(
            "the user",
            ApiPath::new("api/method/frappe.auth.get_logged_user"),
        )
        .await
    }

    /// Whether the site answers, to anyone.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn ping(&self) -> Result<(), Error> {
        let answer: String = self.ask("ping", ApiPath::new("api/method/ping")).await?;
        if answer == "pong" {
            Ok(())
        } else {
            Err(Error::Decode {
                what: "ping",
                source: None,
            })
        }
    }

    /// The site's clock, as the head of an answer tells it, to the second.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Decode`] when a proxy has taken the date out.
    pub async fn server_time(&self) -> Result<Timestamp, Error> {
        let path = ApiPath::new("api/method/ping");
        let answer = self
            .exchange("ping", Repeat::Safe, |http| {
                http.request(Method::GET, path.clone())
            })
            .await?;
        let date = answer.header("date").and_then(|date| {
            let parser = jiff::fmt::rfc2822::DateTimeParser::new();
            parser.parse_timestamp(date).ok()
        });
        date.ok_or(Error::Decode {
            what: "the date",
            source: None,
        })
    }

    async fn ask<R: serde::de::DeserializeOwned>(
        &self,
        what: &'static str,
        path: ApiPath,
    ) -> Result<R, Error> {
        self.call(Call {
            what,
            method: Method::GET,
            path,
            query: Vec::new(),
            body: None,
            repeat: Repeat::Safe,
            envelope: Envelope::Message,
        })
        .await
    }
}

//! The hub: the HTTP gateway of the field service.
//!
//! [`router`] is the whole surface as a value, so that tests and the sandbox run it in their
//! own process; [`platform::serve::serve`] puts it on a socket. Each capability is a folder
//! with its routes, its service and its screens; `platform` is what they all stand on.

pub mod clients;
pub mod devices;
pub mod live;
pub mod payments;
pub mod platform;
pub mod settings;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use effect_journal::Journal;
use integration_core::Clock;
use jiff::Timestamp;
use live_events::LiveEvents;

use crate::platform::api::Api;
use crate::platform::config::{Config, Mistake};
use crate::platform::csrf::Csrf;
use crate::platform::error::{HubError, HubResult};
use crate::platform::health::Readiness;
use crate::platform::metrics::Metrics;
use crate::platform::turns::Turns;
use crate::platform::{docs, edge, health, pages};

/// Everything a route needs: settings, clients of remote systems, the clock. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hub(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: Config,
    clock: Clock,
    erp: Option<erpnext_client::Client>,
    nbi: Option<genieacs_nbi::Client>,
    stripe: Option<stripe_lite::Client>,
    turns: Turns,
    journal: Option<Arc<dyn Journal>>,
    stripe_verifier: Option<stripe_webhooks::Verifier>,
    stripe_known: payments::Known,
    live: LiveEvents,
    csrf: Csrf,
    metrics: Metrics,
    readiness: Readiness,
    draining: AtomicBool,
}

impl Hub {
    /// Puts a hub together; no remote is contacted.
    ///
    /// # Errors
    ///
    /// A setting that only shows to be wrong when it is used.
    pub fn new(config: Config, clock: Clock) -> Result<Self, Mistake> {
        Self::with_journal(config, clock, None)
    }

    /// Puts a hub together and opens the journal in `HUB_DATA_DIR`, where that is set.
    ///
    /// # Errors
    ///
    /// A setting that only shows to be wrong when it is used; a folder that cannot be used or
    /// is in use.
    pub async fn open(config: Config, clock: Clock) -> Result<Self, Mistake> {
        let journal = match &config.data_dir {
            Some(folder) => Some(platform::journal::open(folder, &clock).await?),
            None => None,
        };
        Self::with_journal(config, clock, journal)
    }

    /// Puts a hub together that keeps what must not be lost in a journal; without one, every
    /// route that needs it answers 503.
    ///
    /// # Errors
    ///
    /// A setting that only shows to be wrong when it is used.
    pub fn with_journal(
        config: Config,
        clock: Clock,
        journal: Option<Arc<dyn Journal>>,
    ) -> Result<Self, Mistake> {
        Ok(Self(Arc::new(Inner {
            journal,
            live: live::events(&clock),
            erp: config.erp()?,
            nbi: config.nbi()?,
            stripe: config.stripe_client(&clock)?,
            turns: Turns::default(),
            stripe_verifier: payments::verifier(&config)?,
            stripe_known: payments::Known::default(),
            csrf: Csrf::new(&config.signing_secrets),
            metrics: Metrics::install(),
            readiness: Readiness::default(),
            draining: AtomicBool::new(false),
            clock,
            config,
        })))
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::try_from(self.0.clock.now()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// ERPNext.
    ///
    /// # Errors
    ///
    /// 503 where it is not configured.
    pub fn erp(&self) -> HubResult<&erpnext_client::Client> {
        self.0.erp.as_ref().ok_or_else(HubError::not_configured)
    }

    /// The device server.
    ///
    /// # Errors
    ///
    /// 503 where it is not configured.
    pub fn nbi(&self) -> HubResult<&genieacs_nbi::Client> {
        self.0.nbi.as_ref().ok_or_else(HubError::not_configured)
    }

    /// Stripe.
    ///
    /// # Errors
    ///
    /// 503 where it is not configured.
    pub fn stripe(&self) -> HubResult<&stripe_lite::Client> {
        self.0.stripe.as_ref().ok_or_else(HubError::not_configured)
    }

    /// Turns at what must not be done by two at once.
    #[must_use]
    pub fn turns(&self) -> &Turns {
        &self.0.turns
    }

    /// The journal of what came in and what was done about it.
    ///
    /// # Errors
    ///
    /// 503 where there is none.
    pub fn journal(&self) -> HubResult<&Arc<dyn Journal>> {
        self.0.journal.as_ref().ok_or_else(HubError::not_configured)
    }

    /// What checks the signatures of Stripe's events, where there are secrets.
    #[must_use]
    pub fn stripe_verifier(&self) -> Option<&stripe_webhooks::Verifier> {
        self.0.stripe_verifier.as_ref()
    }

    /// Events of Stripe that were kept a moment ago.
    pub(crate) fn stripe_known(&self) -> &payments::Known {
        &self.0.stripe_known
    }

    /// Live events: what screens hear at once.
    #[must_use]
    pub fn live(&self) -> &LiveEvents {
        &self.0.live
    }

    /// Lets go of what the hub holds open, when nothing more is asked of it.
    pub async fn close(&self) {
        if let Some(journal) = &self.0.journal {
            journal.close().await;
        }
    }

    /// Maker and checker of form tokens.
    #[must_use]
    pub fn csrf(&self) -> &Csrf {
        &self.0.csrf
    }

    /// Metrics of the process.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// What the dependencies said last.
    #[must_use]
    pub fn readiness(&self) -> &Readiness {
        &self.0.readiness
    }

    /// Makes `/ready` say no from now on.
    pub fn begin_draining(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the hub is about to stop.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }
}

/// All routes, before they are put into a router: for the documentation of them.
pub fn api() -> Api {
    Api::new()
        .merge(health::api())
        .merge(docs::api())
        .merge(pages::api())
        .merge(clients::api())
        .merge(devices::api())
        .merge(live::api())
        .merge(payments::api())
        .merge(settings::api())
}

/// The whole HTTP surface.
pub fn router(hub: Hub) -> Router {
    api()
        .into_router()
        .fallback(edge::nowhere)
        .layer(from_fn(edge::read_body))
        .layer(from_fn_with_state(hub.clone(), edge::edge))
        .with_state(hub)
}

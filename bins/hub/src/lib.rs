//! The hub: the HTTP gateway of the field service.
//!
//! [`router`] is the whole surface as a value, so that tests and the sandbox run it in their
//! own process; [`platform::serve::serve`] puts it on a socket. Each capability is a folder
//! with its routes, its service and its screens; `platform` is what they all stand on.

pub mod clients;
pub mod devices;
pub mod platform;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use integration_core::Clock;
use jiff::Timestamp;

use crate::platform::api::Api;
use crate::platform::config::{Config, Mistake};
use crate::platform::csrf::Csrf;
use crate::platform::error::{HubError, HubResult};
use crate::platform::health::Readiness;
use crate::platform::metrics::Metrics;
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
        Ok(Self(Arc::new(Inner {
            erp: config.erp()?,
            nbi: config.nbi()?,
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

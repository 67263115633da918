//! Everything that runs: the fakes, the hub, the staff door, and time that moves.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use erpnext_client::Dialect;
use erpnext_client::testing::FakeSite;
use genieacs_nbi::testing::FakeNbi;
use hub::Hub;
use hub::platform::config::Config;
use hub::platform::serve::{Drain, serve};
use integration_core::Clock;
use serde::Serialize;
use stripe_lite::testing::FakeStripe;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::fake_erp::{self, Books};
use crate::fake_stripe;
use crate::fleet::Fleet;
use crate::{door, fake_acs};

/// What to start.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_structs, reason = "options of a binary")]
pub struct Options {
    /// Port of the hub; `None` takes 3300, or a free one where that is in use.
    pub port: Option<u16>,
    /// Number of customers of the ERP. As many modems are simulated, but at least 200 and at most
    /// 1,000: each takes most of a megabyte.
    pub customers: usize,
    /// Seed of everything that is made up.
    pub seed: u64,
    /// How ERPNext speaks.
    pub dialect: Dialect,
    /// Whether our own hub is left out, for one that is started apart.
    pub without_hub: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: None,
            customers: 240,
            seed: 1,
            dialect: Dialect::V16,
            without_hub: false,
        }
    }
}

/// Fewest and most modems that are simulated.
const MODEMS: (usize, usize) = (200, 1000);

/// Serial numbers and customers worth knowing.
#[derive(Clone, Debug, Serialize)]
pub struct Examples {
    /// All is well.
    pub serial: String,
    /// Light too weak.
    pub weak: String,
    /// Does not answer.
    pub offline: String,
    /// Two devices have it.
    pub shared: String,
    /// Refuses what it is asked.
    pub faulting: String,
    /// Nobody has it.
    pub unknown: String,
    /// The customer who has the first one at home.
    pub customer: String,
    /// A customer with an invoice that is not paid, and a saved card.
    pub owing: String,
    /// An invoice that this one has not paid.
    pub unpaid: String,
}

/// Where everything is.
#[derive(Clone, Debug, Serialize)]
pub struct Addresses {
    /// The hub itself; who calls it is named by [`Self::staff_headers`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hub: Option<String>,
    /// The same behind a door that signs a browser in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console: Option<String>,
    /// The device server.
    pub genieacs_nbi: String,
    /// The ERP.
    pub erpnext: String,
    /// The payment provider.
    pub stripe: String,
    /// Where its events go.
    pub stripe_webhook: String,
    /// What calls of the ERP carry: `Authorization: …`.
    pub erpnext_authorization: String,
    /// Headers by which a proxy names staff; loopback is trusted here.
    pub staff_headers: BTreeMap<&'static str, &'static str>,
    /// Number of simulated modems.
    pub modems: usize,
    /// Number of customers in the ERP.
    pub customers: usize,
    /// Serial numbers and customers worth knowing.
    pub examples: Examples,
    /// Every setting for a hub, worker or command line that is started apart.
    pub settings: BTreeMap<&'static str, String>,
}

/// A running sandbox.
#[derive(Debug)]
pub struct World {
    addresses: Addresses,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
    // The fakes end with this value.
    _nbi: Arc<FakeNbi>,
    _erpnext: FakeSite,
    _stripe: FakeStripe,
    /// State of the hub, which goes with this value.
    _data: TempDir,
}

impl World {
    /// Starts everything on loopback ports.
    ///
    /// # Errors
    ///
    /// A port is in use, or a fake cannot be started.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let modems = options.customers.clamp(MODEMS.0, MODEMS.1);
        let fleet = Arc::new(Fleet::new(options.seed, modems));
        let nbi = Arc::new(fake_acs::start(fleet.clone()).await?);
        let books = Books {
            customers: options.customers,
            seed: options.seed,
            dialect: options.dialect,
        };
        let erpnext = fake_erp::start(fleet.clone(), books).await?;
        let client = fake_erp::client(&erpnext.url())?;
        let exemplars = Fleet::exemplars();
        let customer = fake_erp::customer_of(&client, exemplars.good.serial).await?;
        let owing = fake_erp::customer_owing(&client).await?;
        let unpaid = fake_erp::oldest_unpaid(&client, &owing).await?;
        let stripe = fake_stripe::start(options.seed).await?;
        fake_stripe::save_card(&stripe, &client, &owing).await?;
        let data = tempfile::Builder::new()
            .prefix("sandbox-")
            .tempdir()
            .context("there is no place for the hub's state")?;
        let listener = match options.without_hub {
            true => None,
            false => Some(listen(options.port, 3300).await?),
        };
        // One that is started apart listens where it was said to, or where hubs usually do.
        let address = match &listener {
            Some(listener) => listener.local_addr()?,
            None => (Ipv4Addr::LOCALHOST, options.port.unwrap_or(3300)).into(),
        };
        let webhook = fake_stripe::webhook(address);
        stripe.webhook(&webhook, fake_stripe::WEBHOOK_SECRET);
        let settings = settings(&Fakes {
            nbi: &nbi.url(),
            erpnext: &erpnext.url(),
            stripe: &stripe.url(),
            data: &data.path().display().to_string(),
            hub: address,
        });
        let stop = CancellationToken::new();
        let mut tasks = vec![tokio::spawn(fake_acs::informs(
            nbi.clone(),
            fleet.clone(),
            stop.clone(),
        ))];
        let (mut hub_url, mut console) = (None, None);
        if let Some(listener) = listener {
            let named: BTreeMap<String, String> = settings
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect();
            let config = Config::read(&named)
                .map_err(|mistakes| anyhow::anyhow!("settings of the sandbox: {mistakes:?}"))?;
            let hub = Hub::open(config, Clock::system())
                .await
                .map_err(|mistake| anyhow::anyhow!("settings of the sandbox: {mistake}"))?;
            hub_url = Some(format!("http://{address}"));
            let serving = serve(hub, listener, None, stop.clone(), Drain::quick());
            tasks.push(tokio::spawn(async move {
                serving.await;
            }));
            // Who chooses the port has something else running: the door then takes any.
            let door_port = options.port.map(|_| 0);
            let listener = listen(door_port, 3380).await?;
            console = Some(format!("http://{}", listener.local_addr()?));
            let door = door::serve(listener, address, stop.clone());
            tasks.push(tokio::spawn(async move {
                // The door stops with the hub; what ends it earlier ends the browser's view only.
                let _ = door.await;
            }));
        }
        Ok(Self {
            addresses: Addresses {
                hub: hub_url,
                console,
                genieacs_nbi: nbi.url(),
                erpnext: erpnext.url(),
                stripe: stripe.url(),
                stripe_webhook: webhook,
                erpnext_authorization: format!("token {}:{}", fake_erp::KEY, fake_erp::SECRET),
                staff_headers: BTreeMap::from([
                    ("X-Authentik-Email", door::EMAIL),
                    ("X-Authentik-Groups", door::GROUPS),
                ]),
                modems,
                customers: options.customers,
                examples: Examples {
                    serial: exemplars.good.serial.to_owned(),
                    weak: exemplars.weak.serial.to_owned(),
                    offline: exemplars.offline.serial.to_owned(),
                    shared: exemplars.twins[0].serial.to_owned(),
                    faulting: exemplars.faulting.serial.to_owned(),
                    unknown: "ZZZZ00000000".to_owned(),
                    customer: customer.to_string(),
                    owing: owing.to_string(),
                    unpaid: unpaid.to_string(),
                },
                settings,
            },
            stop,
            tasks,
            _nbi: nbi,
            _erpnext: erpnext,
            _stripe: stripe,
            _data: data,
        })
    }

    /// Where everything is.
    #[must_use]
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Stops everything in order.
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            // A task that hangs must not keep a stopped sandbox alive.
            let _ = tokio::time::timeout(Duration::from_secs(10), task).await;
        }
    }
}

/// Where everything is that a hub talks to, or that talks to it.
struct Fakes<'a> {
    nbi: &'a str,
    erpnext: &'a str,
    stripe: &'a str,
    data: &'a str,
    hub: SocketAddr,
}

/// Settings for everything that talks to the fakes.
fn settings(fakes: &Fakes<'_>) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("GENIEACS_NBI_URL", fakes.nbi.to_owned()),
        ("ERPNEXT_URL", fakes.erpnext.to_owned()),
        ("ERPNEXT_API_KEY", fake_erp::KEY.to_owned()),
        ("ERPNEXT_API_SECRET", fake_erp::SECRET.to_owned()),
        ("STRIPE_API_URL", fakes.stripe.to_owned()),
        ("STRIPE_SECRET_KEY", fake_stripe::KEY.to_owned()),
        (
            "STRIPE_WEBHOOK_SECRET",
            fake_stripe::WEBHOOK_SECRET.to_owned(),
        ),
        ("HUB_DATA_DIR", fakes.data.to_owned()),
        ("PORTAL_URL", format!("http://{}", fakes.hub)),
        ("TRUSTED_PROXIES", "127.0.0.0/8,::1".to_owned()),
        ("INTERNAL_TOKEN", "sandbox-internal-token".to_owned()),
        (
            "MAGIC_LINK_SECRET",
            "sandbox-secret-sandbox-secret-sandbox".to_owned(),
        ),
    ])
}

async fn listen(port: Option<u16>, usual: u16) -> anyhow::Result<TcpListener> {
    let address = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    if let Some(port) = port {
        return TcpListener::bind(address(port))
            .await
            .with_context(|| format!("port {port} cannot be used"));
    }
    match TcpListener::bind(address(usual)).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind(address(0))
            .await
            .context("no port is free"),
    }
}

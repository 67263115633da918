//! `fsm device lookup`: a device of the running ACS.

mod key;

use clap::Args;
use genieacs_nbi::{Client, Device, DeviceId, Error, Projection, Query};
use jiff::Timestamp;
use serde_json::json;

use self::key::Key;
use super::Format;
use crate::cli::Context;
use crate::output::{Cell, Exit, Failure, Table, chain, clean, json as to_json};

/// Matches that are listed: who gets more should ask more precisely.
const LISTED: u32 = 20;

/// Options of `device lookup`.
#[derive(Args, Debug)]
pub(crate) struct Lookup {
    #[command(flatten)]
    by: By,
    // Not a doc comment: backticks would be printed.
    #[arg(
        long,
        value_name = "URL",
        help = "Address of the GenieACS northbound interface [default: GENIEACS_NBI_URL]"
    )]
    nbi: Option<String>,
    #[command(flatten)]
    format: Format,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct By {
    /// Serial number as on the label; a GPON serial number in either form
    #[arg(long, value_name = "SERIAL")]
    serial: Option<String>,
    /// MAC address of the device, in any usual form
    #[arg(long, value_name = "MAC")]
    mac: Option<String>,
    /// IP address of its WAN or management connection
    #[arg(long, value_name = "IP")]
    ip: Option<String>,
    /// Device id as GenieACS writes it, parts escaped
    #[arg(long, value_name = "ID")]
    id: Option<String>,
}

impl Lookup {
    pub(super) fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        let key = self.by.key()?;
        let url = match &self.nbi {
            Some(url) => url.as_str(),
            None => context
                .settings
                .get("GENIEACS_NBI_URL")
                .ok_or_else(|| missing(context))?,
        };
        let client = Client::builder(url)
            .user_agent(concat!("fsm/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| {
                Failure::input(
                    format!("the NBI address cannot be used: {}", chain(&error)),
                    "give http://host:7557",
                )
            })?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| {
                Failure::remote(format!("cannot start: {error}"), "free some file handles")
            })?;
        match runtime
            .block_on(find(&client, key.query()))
            .map_err(|error| remote(&error))?
        {
            Found::None => {
                let failure = Failure::remote(
                    format!("no device has {}", clean(&key.to_string())),
                    "check the label; a new device appears after its first inform",
                );
                Err(if self.format.json || self.format.plain {
                    failure.with_document(matches("no_device", &[], 0)?)
                } else {
                    failure
                })
            }
            Found::One(bytes) => {
                let summary = tr181::summarize(&bytes).map_err(|error| {
                    Failure::remote(
                        format!("GenieACS sent no device document: {}", chain(&error)),
                        "look at its log",
                    )
                })?;
                Ok((self.format.print(&summary, context)?, Exit::Done))
            }
            Found::Several { devices, total } => {
                let text = if self.format.json || self.format.plain {
                    matches("several_devices", &devices, total)?
                } else {
                    several(&devices, total, &key, context)
                };
                Ok((text, Exit::No))
            }
        }
    }
}

impl By {
    fn key(&self) -> Result<Key, Failure> {
        let Self {
            serial,
            mac,
            ip,
            id,
        } = self;
        match (serial, mac, ip, id) {
            (Some(text), ..) => Key::serial(text),
            (_, Some(text), ..) => Key::mac(text),
            (_, _, Some(text), _) => Key::ip(text),
            (_, _, _, Some(text)) => Key::id(text),
            // The option group asks for one of them.
            (None, None, None, None) => Err(Failure::input(
                "nothing to look for",
                "give --serial, --mac, --ip or --id",
            )),
        }
    }
}

fn missing(context: &Context) -> Failure {
    let hint = "set GENIEACS_NBI_URL, or give --nbi http://host:7557";
    match context.settings.problem("GENIEACS_NBI_URL") {
        Some(problem) => Failure::input(format!("GENIEACS_NBI_URL: {}", problem.rule), hint),
        None => Failure::input("no GenieACS to ask", hint),
    }
}

enum Found {
    None,
    One(Vec<u8>),
    Several { devices: Vec<Device>, total: u64 },
}

/// Asks for the ids first: a document is up to a megabyte, and several are not wanted whole.
async fn find(client: &Client, query: Query) -> Result<Found, Error> {
    let listing = client
        .devices()
        .list()
        .query(query)
        .projection(Projection::identity())
        .limit(LISTED)
        .send()
        .await?;
    let ids: Vec<DeviceId> = listing.items.iter().filter_map(Device::id).collect();
    match ids.as_slice() {
        [] => Ok(Found::None),
        [id] => Ok(match client.devices().get_raw(id).await? {
            Some(bytes) => Found::One(bytes.to_vec()),
            // Deleted between the two questions.
            None => Found::None,
        }),
        several => {
            let total = listing.total.unwrap_or(0).max(several.len() as u64);
            Ok(Found::Several {
                devices: listing.items,
                total,
            })
        }
    }
}

fn remote(error: &Error) -> Failure {
    let hint = match error {
        error if error.is_connect() => "check the NBI address, and that GenieACS runs",
        error if error.is_timeout() => "look at the load of GenieACS and its database",
        Error::Invalid { .. } => return Failure::input(chain(error), "check what you look for"),
        _ => "run fsm doctor",
    };
    Failure::remote(format!("GenieACS: {}", chain(error)), hint)
}

/// What a script gets instead of one device.
fn matches(error: &str, devices: &[Device], total: u64) -> Result<String, Failure> {
    let devices: Vec<_> = devices.iter().map(row_json).collect();
    to_json(&json!({"error": error, "total": total, "devices": devices}))
}

fn row_json(device: &Device) -> serde_json::Value {
    json!({
        "id": device.id().map(|id| id.as_str().to_owned()),
        "manufacturer": device.manufacturer(),
        "product_class": device.product_class(),
        "serial": device.serial_number(),
        "last_inform": device.last_inform(),
    })
}

fn several(devices: &[Device], total: u64, key: &Key, context: &Context) -> String {
    let lang = context.lang;
    let mut out = match lang {
        crate::lang::Lang::Fr => {
            format!("{total} appareils ont {key}. Choisissez-en un avec --id\u{a0}:\n\n")
        }
        crate::lang::Lang::En => {
            format!("{total} devices have {key}. Take one of them with --id:\n\n")
        }
    };
    let names = [
        lang.pick("IDENTIFIANT", "ID"),
        lang.pick("FABRICANT", "MANUFACTURER"),
        lang.pick("VU", "LAST SEEN"),
    ];
    let mut table = Table::headed(&names);
    for device in devices {
        let seen = device
            .last_inform()
            .map(|at: Timestamp| lang.ago(context.now.duration_since(at).as_secs()));
        table.row([
            Cell::from(device.id().map(|id| clean(id.as_str())).unwrap_or_default()),
            clean(device.manufacturer().unwrap_or_default()).into(),
            seen.unwrap_or_default().into(),
        ]);
    }
    table.draw(context.painter, &mut out);
    out
}

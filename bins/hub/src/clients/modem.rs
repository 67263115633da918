//! What the modems of a client say now.

use futures_util::future::join_all;
use genieacs_nbi::DeviceId;

use super::view::{Equipment, Live, LiveEquipment, LiveState, Managed, Seen, Wifi};
use crate::Hub;
use crate::devices::{self, Key, Reading};
use crate::platform::error::{HubError, HubResult};

/// Most modems of a client that are read for one page.
const MODEMS: usize = 4;

/// Reads the modems among these devices.
pub(super) async fn read(hub: &Hub, equipment: &[Equipment]) -> LiveEquipment {
    if hub.nbi().is_err() {
        return LiveEquipment::NotConfigured;
    }
    let modems = equipment
        .iter()
        .filter_map(|device| Some((device, device.managed.as_ref()?)))
        .take(MODEMS)
        .map(async |(device, managed)| Live {
            serial: device.serial.clone(),
            model: device.model.clone(),
            state: state(hub, device, managed).await,
        });
    let modems = join_all(modems).await;
    if modems.is_empty() {
        LiveEquipment::None
    } else {
        LiveEquipment::Read(modems)
    }
}

async fn state(hub: &Hub, device: &Equipment, managed: &Managed) -> LiveState {
    match reading(hub, managed).await {
        Ok(Some(reading)) => LiveState::Seen(Box::new(seen(&device.serial, &reading))),
        Ok(None) => LiveState::Unknown,
        Err(error) => {
            tracing::warn!(error = error.code(), cause = error.cause(), "device server");
            LiveState::Failed
        }
    }
}

async fn reading(hub: &Hub, managed: &Managed) -> HubResult<Option<Reading>> {
    let id = match managed {
        Managed::Id(id) => id.clone(),
        Managed::Serial(serial) => {
            let Some(key) = Key::serial(serial) else {
                return Ok(None);
            };
            let found = devices::find(hub, &[key]).await?;
            match found.heads.into_iter().next() {
                Some(head) => head.id,
                None => return Ok(None),
            }
        }
    };
    let id = DeviceId::new(id).map_err(|error| HubError::invalid("id").caused_by(&error))?;
    devices::read(hub, &id).await
}

fn seen(serial: &str, reading: &Reading) -> Seen {
    let summary = &reading.summary;
    let wan = summary.primary_wan().or_else(|| summary.wan.first());
    let optical = summary.optical.as_ref();
    let serial = reading.head.serial.as_deref().unwrap_or(serial);
    Seen {
        href: devices::screen_of(serial, &reading.head.id),
        online: reading.head.online,
        last_inform: reading.head.last_inform,
        up_s: wan.and_then(|wan| Some(wan.uptime_s.as_ref()?.value)),
        rx_dbm: optical.and_then(|optical| Some(optical.rx_dbm.as_ref()?.value)),
        optical: devices::tone(reading.health.optical),
        wifi: wifi(reading),
    }
}

/// Who is on Wi-Fi; none where the modem lists nobody and nothing says that it could.
fn wifi(reading: &Reading) -> Option<Wifi> {
    let summary = &reading.summary;
    if summary.wifi.stations.is_empty() && summary.wifi.radios.is_empty() {
        return None;
    }
    let limits = tr181::Thresholds::default();
    let mut wifi = Wifi {
        present: 0,
        weak: 0,
        weakest_dbm: None,
    };
    for station in devices::present(summary) {
        wifi.present += 1;
        let Some(power) = station.rssi_dbm.as_ref().map(|fact| fact.value) else {
            continue;
        };
        if power < limits.wifi.bad_dbm {
            wifi.weak += 1;
        }
        wifi.weakest_dbm = Some(
            wifi.weakest_dbm
                .map_or(power, |least: f64| least.min(power)),
        );
    }
    Some(wifi)
}

//! The checks themselves.

use jiff::Timestamp;

use super::{Finding, Health, OpticalBand, SignalBand, Thresholds, Verdict};
use crate::extract::{is_global, usable};
use crate::model::{Optical, Station, Summary, Wan};

pub(super) fn health(summary: &Summary, limits: &Thresholds, now: Timestamp) -> Health {
    let mut health = Health::default();
    if let Some(optical) = &summary.optical {
        check_optical(optical, limits, &mut health);
    }
    check_wan(summary, &mut health);
    check_wifi(summary, limits, &mut health);
    check_lan(summary, &mut health);
    check_device(summary, limits, now, &mut health);
    // Stable: findings of one severity keep the order of the checks.
    health
        .findings
        .sort_by_key(|f| std::cmp::Reverse(f.severity()));
    health
}

fn raise(verdict: &mut Verdict, to: Verdict) {
    *verdict = (*verdict).max(to);
}

fn check_optical(optical: &Optical, limits: &Thresholds, health: &mut Health) {
    let limits = &limits.optical;
    let verdict = &mut health.optical;
    let findings = &mut health.findings;
    let down = optical.status.as_ref().is_some_and(|s| {
        ["down", "lowerlayerdown", "notpresent", "error"]
            .iter()
            .any(|w| s.value.eq_ignore_ascii_case(w))
    });
    let dark = optical.no_light.as_ref().is_some_and(|f| f.value)
        || optical.los.as_ref().is_some_and(|f| f.value);
    let rx = optical.rx_dbm.as_ref().map(|f| f.value);
    let band = match rx {
        Some(dbm) => Some(OpticalBand::of(dbm, limits)),
        None if dark || down => Some(OpticalBand::NoLight),
        None => None,
    };
    health.optical_band = band;
    if let Some(band) = band {
        raise(verdict, band.verdict());
        match (band, rx) {
            (OpticalBand::NoLight, _) => findings.push(Finding::NoLight { rx_dbm: rx }),
            (OpticalBand::CriticalLow, Some(rx_dbm)) => {
                findings.push(Finding::CriticalReceivePower { rx_dbm });
            }
            (OpticalBand::Low, Some(rx_dbm)) => findings.push(Finding::LowReceivePower { rx_dbm }),
            (OpticalBand::High, Some(rx_dbm)) => {
                findings.push(Finding::HighReceivePower { rx_dbm });
            }
            (OpticalBand::Overload, Some(rx_dbm)) => {
                findings.push(Finding::ReceiverOverload { rx_dbm });
            }
            _ => {}
        }
    }
    if let Some(state) = optical.state.as_ref().map(|s| &s.value) {
        // Only a PLOAM state is known to mean anything.
        let ploam = state.len() == 2 && state.starts_with('O');
        if ploam && state != "O5" && band != Some(OpticalBand::NoLight) {
            raise(verdict, Verdict::Bad);
            findings.push(Finding::OnuNotOperating {
                state: state.clone(),
            });
        }
    }
    if let Some(tx_dbm) = optical.tx_dbm.as_ref().map(|f| f.value)
        && !(limits.tx_low_dbm..=limits.tx_high_dbm).contains(&tx_dbm)
    {
        raise(verdict, Verdict::Marginal);
        findings.push(Finding::TransmitPowerOutOfRange { tx_dbm });
    }
    if let Some(temperature_c) = optical.temperature_c.as_ref().map(|f| f.value) {
        if temperature_c > limits.temperature_alarm_c {
            raise(verdict, Verdict::Bad);
            findings.push(Finding::Overheating {
                temperature_c,
                transceiver: true,
            });
        } else if temperature_c > limits.temperature_good_c {
            raise(verdict, Verdict::Marginal);
            findings.push(Finding::Warm {
                temperature_c,
                transceiver: true,
            });
        }
    }
    if let Some(voltage_v) = optical.voltage_v.as_ref().map(|f| f.value)
        && !(limits.voltage_low_v..=limits.voltage_high_v).contains(&voltage_v)
    {
        raise(verdict, Verdict::Marginal);
        findings.push(Finding::VoltageOutOfRange { voltage_v });
    }
    if let Some(bias_ma) = optical.bias_ma.as_ref().map(|f| f.value)
        && !(limits.bias_low_ma..=limits.bias_high_ma).contains(&bias_ma)
    {
        raise(verdict, Verdict::Marginal);
        findings.push(Finding::BiasOutOfRange { bias_ma });
    }
}

/// The connection that the customer's Internet hangs on: the primary one, unless that only
/// serves management or voice while one that is meant for the Internet is down.
fn customer_wan(summary: &Summary) -> Option<&Wan> {
    let serves_internet = |wan: &Wan| {
        let service = wan.service.as_ref()?;
        Some(service.value.to_ascii_uppercase().contains("INTERNET"))
    };
    let primary = summary.primary_wan()?;
    let lost = |wan: &&Wan| {
        let enabled = wan.enabled.as_ref().is_none_or(|enabled| enabled.value);
        enabled && serves_internet(wan) == Some(true) && wan.is_up() == Some(false)
    };
    if serves_internet(primary) == Some(false) {
        return summary.wan.iter().find(lost).or(Some(primary));
    }
    Some(primary)
}

fn check_wan(summary: &Summary, health: &mut Health) {
    let Some(wan) = customer_wan(summary) else {
        return;
    };
    let name = wan
        .name
        .as_ref()
        .map_or_else(|| wan.interface.clone(), |n| n.value.clone());
    let address = wan.ipv4.as_ref().is_some_and(|a| usable(a.value))
        || wan.ipv6.as_ref().is_some_and(|a| is_global(a.value));
    match wan.is_up() {
        Some(true) if address || wan.kind == crate::WanKind::Bridge => {
            raise(&mut health.wan, Verdict::Good);
        }
        Some(true) => {
            // A document without any address leaf may be a projection.
            raise(&mut health.wan, Verdict::Marginal);
            health.findings.push(Finding::WanWithoutAddress { name });
        }
        Some(false) => {
            raise(&mut health.wan, Verdict::Bad);
            health.findings.push(Finding::WanDown {
                name,
                status: wan.status.as_ref().map(|s| s.value.clone()),
                last_error: wan
                    .last_error
                    .as_ref()
                    .map(|e| e.value.clone())
                    .filter(|e| e != "ERROR_NONE"),
            });
        }
        None if address => raise(&mut health.wan, Verdict::Good),
        None => {}
    }
}

/// A station that left says nothing about the network of today.
fn present(station: &Station) -> bool {
    station.active.as_ref().is_none_or(|a| a.value)
}

fn check_wifi(summary: &Summary, limits: &Thresholds, health: &mut Health) {
    let limits = &limits.wifi;
    let is_off = |enabled: &Option<crate::Fact<bool>>| enabled.as_ref().is_some_and(|e| !e.value);
    for radio in summary.wifi.radios.iter().filter(|r| !is_off(&r.enabled)) {
        let Some(status) = radio.status.as_ref().map(|s| &s.value) else {
            continue;
        };
        if ["up", "enabled"]
            .iter()
            .any(|w| status.eq_ignore_ascii_case(w))
        {
            raise(&mut health.wifi, Verdict::Good);
        } else if ["down", "error", "lowerlayerdown"]
            .iter()
            .any(|w| status.eq_ignore_ascii_case(w))
        {
            raise(&mut health.wifi, Verdict::Marginal);
            health.findings.push(Finding::RadioDown {
                interface: radio.interface.clone(),
                status: status.clone(),
            });
        }
    }
    let mut weak = Vec::new();
    for station in summary.wifi.stations.iter().filter(|s| present(s)) {
        let Some(rssi_dbm) = station.rssi_dbm.as_ref().map(|f| f.value) else {
            continue;
        };
        if rssi_dbm >= limits.marginal_dbm {
            raise(&mut health.wifi, Verdict::Good);
            continue;
        }
        raise(
            &mut health.wifi,
            if rssi_dbm < limits.bad_dbm {
                Verdict::Bad
            } else {
                Verdict::Marginal
            },
        );
        weak.push((rssi_dbm, station));
    }
    weak.sort_by(|a, b| a.0.total_cmp(&b.0));
    health.findings.extend(
        weak.into_iter()
            .map(|(rssi_dbm, station)| Finding::WeakStation {
                name: station.name.as_ref().map(|n| n.value.clone()),
                mac: station.mac.as_ref().map(|m| m.value),
                rssi_dbm,
                band: SignalBand::of_rssi(rssi_dbm, limits),
            }),
    );
    for ssid in summary.wifi.ssids.iter().filter(|s| !is_off(&s.enabled)) {
        let open = ssid
            .security
            .as_ref()
            .is_some_and(|s| s.value.eq_ignore_ascii_case("None"));
        let on = ssid.enabled.as_ref().is_some_and(|e| e.value);
        if let Some(name) = ssid.ssid.as_ref().filter(|_| open && on) {
            health.findings.push(Finding::OpenNetwork {
                ssid: name.value.clone(),
            });
        }
    }
}

fn check_lan(summary: &Summary, health: &mut Health) {
    if summary.lan.ipv4.is_some() {
        raise(&mut health.lan, Verdict::Good);
    }
    for port in &summary.lan.ports {
        let upstream = port.upstream.as_ref().is_some_and(|u| u.value);
        let up = port
            .status
            .as_ref()
            .is_some_and(|s| s.value.eq_ignore_ascii_case("Up"));
        if let Some(rate_mbps) = port
            .rate_mbps
            .as_ref()
            .map(|r| r.value)
            .filter(|r| up && !upstream && *r < 1000)
        {
            // A television at 100 Mbit/s is normal; 10 Mbit/s is a broken pair.
            raise(
                &mut health.lan,
                if rate_mbps < 100 {
                    Verdict::Marginal
                } else {
                    Verdict::Good
                },
            );
            let name = port
                .name
                .as_ref()
                .map_or_else(|| port.interface.clone(), |n| n.value.clone());
            health.findings.push(Finding::SlowPort { name, rate_mbps });
        }
    }
}

fn check_device(summary: &Summary, limits: &Thresholds, now: Timestamp, health: &mut Health) {
    let identity = &summary.identity;
    if let Some(temperature_c) = identity.temperature_c.as_ref().map(|f| f.value) {
        if temperature_c >= limits.hot_c {
            raise(&mut health.device, Verdict::Bad);
            health.findings.push(Finding::Overheating {
                temperature_c,
                transceiver: false,
            });
        } else if temperature_c >= limits.warm_c {
            raise(&mut health.device, Verdict::Marginal);
            health.findings.push(Finding::Warm {
                temperature_c,
                transceiver: false,
            });
        } else {
            raise(&mut health.device, Verdict::Good);
        }
    }
    if let Some(percent) = identity.cpu_percent.as_ref().map(|f| f.value) {
        let high = percent >= limits.cpu_percent;
        raise(
            &mut health.device,
            if high {
                Verdict::Marginal
            } else {
                Verdict::Good
            },
        );
        if high {
            health.findings.push(Finding::HighCpu { percent });
        }
    }
    if let (Some(total), Some(free)) = (&identity.memory_total_kib, &identity.memory_free_kib)
        && total.value > 0
        && free.value <= total.value
    {
        #[allow(clippy::cast_precision_loss, reason = "a percentage needs no 53 bits")]
        let free_percent = crate::read::round(free.value as f64 * 100.0 / total.value as f64, 1);
        let low = free_percent < limits.memory_free_percent;
        raise(
            &mut health.device,
            if low {
                Verdict::Marginal
            } else {
                Verdict::Good
            },
        );
        if low {
            health.findings.push(Finding::LowMemory { free_percent });
        }
    }
    if let Some(last) = summary.document.last_inform {
        let age_s = now.as_second().saturating_sub(last.as_second());
        if age_s > limits.stale_s {
            health.findings.push(Finding::StaleReadings { age_s });
        }
    }
}

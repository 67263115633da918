//! What is worth saying about a device, in words.

use tr181::health::{Finding, Severity};
use tr181::{Health, MacAddr};

use crate::cli::Context;
use crate::lang::Lang;
use crate::output::{Cell, Table, Tone, clean};

/// One line for each finding, the gravest first.
pub(super) fn draw(health: &Health, context: &Context, out: &mut String) {
    let lang = context.lang;
    let mut table = Table::default();
    for finding in &health.findings {
        let mark = match finding.severity() {
            Severity::Critical => Cell::toned(Tone::Bad, "■"),
            Severity::Warning => Cell::toned(Tone::Marginal, "◆"),
            _ => Cell::toned(Tone::Quiet, "○"),
        };
        if let Some(text) = words(finding, lang) {
            table.row([mark, lang.typeset(&text).into()]);
        }
    }
    if !table.is_empty() {
        out.push('\n');
        table.draw(context.painter, out);
    }
}

fn words(finding: &Finding, lang: Lang) -> Option<String> {
    let dbm = |value: f64| lang.quantity(value, 1, "dBm");
    let degrees = |value: f64| lang.quantity(value, 0, "°C");
    let part = |transceiver: bool| {
        if transceiver {
            lang.pick("l’émetteur optique", "the transceiver")
        } else {
            lang.pick("l’appareil", "the device")
        }
    };
    Some(match (finding, lang) {
        (Finding::NoLight { .. }, Lang::Fr) => {
            "Aucune lumière reçue: fibre coupée ou débranchée".to_owned()
        }
        (Finding::NoLight { .. }, Lang::En) => {
            "No light received: fibre cut or unplugged".to_owned()
        }
        (Finding::CriticalReceivePower { rx_dbm }, Lang::Fr) => {
            format!(
                "Signal optique sous le seuil du récepteur ({}): nettoyer les connecteurs, chercher un pli",
                dbm(*rx_dbm)
            )
        }
        (Finding::CriticalReceivePower { rx_dbm }, Lang::En) => {
            format!(
                "Optical signal below what the receiver needs ({}): clean the connectors, look for a bend",
                dbm(*rx_dbm)
            )
        }
        (Finding::LowReceivePower { rx_dbm }, Lang::Fr) => {
            format!("Signal optique faible ({})", dbm(*rx_dbm))
        }
        (Finding::LowReceivePower { rx_dbm }, Lang::En) => {
            format!("Weak optical signal ({})", dbm(*rx_dbm))
        }
        (Finding::HighReceivePower { rx_dbm }, Lang::Fr) => {
            format!("Signal optique fort ({})", dbm(*rx_dbm))
        }
        (Finding::HighReceivePower { rx_dbm }, Lang::En) => {
            format!("Strong optical signal ({})", dbm(*rx_dbm))
        }
        (Finding::ReceiverOverload { rx_dbm }, Lang::Fr) => {
            format!("Récepteur saturé ({}): poser un atténuateur", dbm(*rx_dbm))
        }
        (Finding::ReceiverOverload { rx_dbm }, Lang::En) => {
            format!("Receiver overloaded ({}): fit an attenuator", dbm(*rx_dbm))
        }
        (Finding::TransmitPowerOutOfRange { tx_dbm }, Lang::Fr) => {
            format!("Puissance émise anormale ({})", dbm(*tx_dbm))
        }
        (Finding::TransmitPowerOutOfRange { tx_dbm }, Lang::En) => {
            format!("Unusual sent power ({})", dbm(*tx_dbm))
        }
        (Finding::OnuNotOperating { state }, Lang::Fr) => {
            format!("Non raccordé à l’OLT (état {})", clean(state))
        }
        (Finding::OnuNotOperating { state }, Lang::En) => {
            format!("Not in service on the OLT (state {})", clean(state))
        }
        (Finding::WanDown { last_error, .. }, _) => {
            let text = lang.pick(
                "La connexion Internet ne s’établit pas",
                "The Internet connection does not come up",
            );
            match last_error {
                Some(error) => format!("{text} ({})", clean(error)),
                None => text.to_owned(),
            }
        }
        (Finding::WanWithoutAddress { .. }, _) => lang
            .pick(
                "La connexion Internet n’a pas d’adresse",
                "The Internet connection has no address",
            )
            .to_owned(),
        (
            Finding::Overheating {
                temperature_c,
                transceiver,
            },
            Lang::Fr,
        ) => {
            format!(
                "Surchauffe de {} ({})",
                part(*transceiver),
                degrees(*temperature_c)
            )
        }
        (
            Finding::Overheating {
                temperature_c,
                transceiver,
            },
            Lang::En,
        ) => {
            format!(
                "Overheating of {} ({})",
                part(*transceiver),
                degrees(*temperature_c)
            )
        }
        (
            Finding::Warm {
                temperature_c,
                transceiver,
            },
            Lang::Fr,
        ) => {
            format!(
                "Température élevée de {} ({})",
                part(*transceiver),
                degrees(*temperature_c)
            )
        }
        (
            Finding::Warm {
                temperature_c,
                transceiver,
            },
            Lang::En,
        ) => {
            format!(
                "High temperature of {} ({})",
                part(*transceiver),
                degrees(*temperature_c)
            )
        }
        (Finding::VoltageOutOfRange { voltage_v }, _) => {
            let volts = lang.quantity(*voltage_v, 2, "V");
            format!(
                "{} ({volts})",
                lang.pick(
                    "Tension anormale de l’émetteur optique",
                    "Unusual transceiver voltage"
                )
            )
        }
        (Finding::BiasOutOfRange { bias_ma }, _) => {
            let current = lang.quantity(*bias_ma, 1, "mA");
            format!(
                "{} ({current})",
                lang.pick("Courant laser anormal", "Unusual laser bias")
            )
        }
        (
            Finding::WeakStation {
                name,
                mac,
                rssi_dbm,
                ..
            },
            _,
        ) => {
            let who = name
                .as_deref()
                .map(clean)
                .or_else(|| mac.as_ref().map(MacAddr::to_string));
            let who = who.unwrap_or_else(|| lang.pick("un appareil", "a device").to_owned());
            let power = lang.quantity(*rssi_dbm, 0, "dBm");
            format!(
                "{}: {who} ({power})",
                lang.pick("Wi-Fi faible", "Weak Wi-Fi")
            )
        }
        (Finding::RadioDown { status, .. }, _) => {
            format!(
                "{} ({})",
                lang.pick("Radio Wi-Fi en panne", "Wi-Fi radio down"),
                clean(status)
            )
        }
        (Finding::OpenNetwork { ssid }, _) => {
            format!(
                "{}: {}",
                lang.pick(
                    "Réseau Wi-Fi sans mot de passe",
                    "Wi-Fi network without a password"
                ),
                clean(ssid)
            )
        }
        (Finding::SlowPort { name, rate_mbps }, _) => {
            let rate = lang.quantity(f64::from(*rate_mbps), 0, "Mbit/s");
            format!(
                "{}: {} ({rate})",
                lang.pick("Port lent", "Slow port"),
                clean(name)
            )
        }
        (Finding::HighCpu { percent }, Lang::Fr) => format!("Processeur chargé ({percent}\u{a0}%)"),
        (Finding::HighCpu { percent }, Lang::En) => format!("Busy processor ({percent}%)"),
        (Finding::LowMemory { free_percent }, Lang::Fr) => {
            format!(
                "Peu de mémoire libre ({}\u{a0}%)",
                lang.number(*free_percent, 1)
            )
        }
        (Finding::LowMemory { free_percent }, Lang::En) => {
            format!("Little free memory ({}%)", lang.number(*free_percent, 1))
        }
        (Finding::StaleReadings { age_s }, Lang::Fr) => {
            format!(
                "Sans nouvelles depuis {}: ces lectures sont anciennes",
                lang.span(*age_s)
            )
        }
        (Finding::StaleReadings { age_s }, Lang::En) => {
            format!(
                "Not heard of for {}: these readings are old",
                lang.span(*age_s)
            )
        }
        // A finding newer than this program: its JSON has it.
        _ => return None,
    })
}

//! The state of a device in one sentence.

use tr181::health::{Finding, Severity, Verdict};
use ui_kit::{Banner, Lang, Markup, Phrase, Render as _, Tone, ago, format, html};

use super::{Act, DeviceView, Notice, Outcome};

/// One thing to say about a device.
struct Line {
    tone: Tone,
    /// About the home (Wi-Fi, wired network), not about the network of the provider.
    home: bool,
    sentence: String,
}

/// The tone of a verdict.
pub(crate) fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Good => Tone::Ok,
        Verdict::Marginal => Tone::Warn,
        Verdict::Bad => Tone::Bad,
        _ => Tone::Idle,
    }
}

/// The banner: the worst of the network in bold, then the rest.
pub(super) fn banner(view: &DeviceView<'_>) -> Markup {
    let lang = view.lang;
    let mut lines = lines(view);
    // Stable: within the network and within the home, the gravest stay first.
    lines.sort_by_key(|line| line.home);
    let known = [view.health.optical, view.health.wan]
        .iter()
        .any(|verdict| *verdict != Verdict::Unknown);
    let network_first = lines.first().is_some_and(|line| !line.home);
    let (tone, lead) = if !view.online {
        let sentence = lang.pick("Le modem est hors ligne.", "The modem is offline.");
        (Tone::Bad, sentence.to_owned())
    } else if network_first {
        let line = lines.remove(0);
        (line.tone, line.sentence)
    } else if known {
        let sentence = lang.pick("Aucun problème du réseau.", "No network problem.");
        (Tone::Ok, sentence.to_owned())
    } else {
        let sentence = lang.pick(
            "État du réseau inconnu. Relisez le modem.",
            "Network state unknown. Read the modem again.",
        );
        (Tone::Idle, sentence.to_owned())
    };
    let rest: Vec<&str> = lines.iter().map(|line| line.sentence.as_str()).collect();
    let detail = html! {
        @if !view.online {
            @match view.last_inform {
                Some(at) => {
                    (lang.pick("Dernier contact ", "Last contact ")) (ago(lang, at, view.now)) ". "
                }
                None => { (lang.pick("Aucun contact connu. ", "No known contact. ")) }
            }
            @if !rest.is_empty() {
                (lang.pick("À la dernière lecture\u{a0}: ", "At the last reading: "))
            }
        }
        (rest.join(" "))
    };
    let mut banner = Banner::new(tone, lead).id("verdict");
    if !view.online || !rest.is_empty() {
        banner = banner.detail(detail);
    }
    banner.render()
}

/// Everything to say, in the order of the findings; the stations as one line.
fn lines(view: &DeviceView<'_>) -> Vec<Line> {
    let lang = view.lang;
    let mut lines = Vec::new();
    let mut weak = Vec::new();
    for finding in &view.health.findings {
        let home = match finding {
            Finding::WeakStation {
                name,
                mac,
                rssi_dbm,
                ..
            } => {
                let called = name.clone().or_else(|| mac.map(|mac| mac.to_string()));
                weak.push((called, *rssi_dbm));
                continue;
            }
            // A television at 100 Mbit/s is normal; the card says its rate.
            Finding::SlowPort { rate_mbps, .. } if *rate_mbps >= 100 => continue,
            // The banner of an offline device says it already.
            Finding::StaleReadings { .. } if !view.online => continue,
            Finding::RadioDown { .. } | Finding::OpenNetwork { .. } | Finding::SlowPort { .. } => {
                true
            }
            _ => false,
        };
        let Some(sentence) = sentence(lang, finding) else {
            continue;
        };
        let tone = match finding.severity() {
            Severity::Critical => Tone::Bad,
            Severity::Warning => Tone::Warn,
            _ => Tone::Info,
        };
        lines.push(Line {
            tone,
            home,
            sentence,
        });
    }
    lines.extend(stations(view, weak));
    lines
}

/// The stations that are too far, as one sentence that names the weakest.
fn stations(view: &DeviceView<'_>, mut weak: Vec<(Option<String>, f64)>) -> Option<Line> {
    let lang = view.lang;
    weak.sort_by(|a, b| a.1.total_cmp(&b.1));
    let far = weak
        .iter()
        .filter(|(_, rssi)| *rssi < view.thresholds.wifi.bad_dbm)
        .count();
    let (name, rssi) = weak.first()?;
    let signal = format::quantity(lang, *rssi, 0, "dBm");
    let example = match name {
        Some(name) => format!("{name}, {signal}"),
        None => signal,
    };
    let number = |count: usize| format::count(lang, i64::try_from(count).unwrap_or(i64::MAX));
    let sentence = match (far, weak.len()) {
        (0, 1) => lang.pick(
            format!("Le signal d’un appareil Wi-Fi est moyen ({example})."),
            format!("The signal of a Wi-Fi device is fair ({example})."),
        ),
        (0, n) => lang.pick(
            format!(
                "Le signal de {} appareils Wi-Fi est moyen (le plus faible\u{a0}: {example}).",
                number(n)
            ),
            format!(
                "The signal of {} Wi-Fi devices is fair (the weakest: {example}).",
                number(n)
            ),
        ),
        (1, _) => lang.pick(
            format!("Un appareil Wi-Fi est trop loin du modem ({example})."),
            format!("A Wi-Fi device is too far from the modem ({example})."),
        ),
        (n, _) => lang.pick(
            format!(
                "{} appareils Wi-Fi sont trop loin du modem (le plus faible\u{a0}: {example}).",
                number(n)
            ),
            format!(
                "{} Wi-Fi devices are too far from the modem (the weakest: {example}).",
                number(n)
            ),
        ),
    };
    Some(Line {
        tone: Tone::Warn,
        home: true,
        sentence,
    })
}

/// A finding as a sentence; none for one that this version does not know.
fn sentence(lang: Lang, finding: &Finding) -> Option<String> {
    let dbm = |value: &f64| format::quantity(lang, *value, 1, "dBm");
    let celsius = |value: &f64| format::quantity(lang, *value, 0, "°C");
    let (fr, en) = match finding {
        Finding::NoLight { .. } => (
            "Le modem ne reçoit aucune lumière.".to_owned(),
            "The modem receives no light.".to_owned(),
        ),
        Finding::CriticalReceivePower { rx_dbm } => (
            format!("Le signal optique est trop faible ({}).", dbm(rx_dbm)),
            format!("The optical signal is too weak ({}).", dbm(rx_dbm)),
        ),
        Finding::LowReceivePower { rx_dbm } => (
            format!("Le signal optique est faible ({}).", dbm(rx_dbm)),
            format!("The optical signal is weak ({}).", dbm(rx_dbm)),
        ),
        Finding::HighReceivePower { rx_dbm } => (
            format!("Le signal optique est fort ({}).", dbm(rx_dbm)),
            format!("The optical signal is strong ({}).", dbm(rx_dbm)),
        ),
        Finding::ReceiverOverload { rx_dbm } => (
            format!("Le signal optique est trop fort ({}).", dbm(rx_dbm)),
            format!("The optical signal is too strong ({}).", dbm(rx_dbm)),
        ),
        Finding::OnuNotOperating { state } => (
            format!("La liaison optique n’est pas établie (état {state})."),
            format!("The optical link is not established (state {state})."),
        ),
        Finding::TransmitPowerOutOfRange { tx_dbm } => (
            format!("Le laser émet hors de sa plage ({}).", dbm(tx_dbm)),
            format!("The laser sends outside its range ({}).", dbm(tx_dbm)),
        ),
        Finding::VoltageOutOfRange { voltage_v } => {
            let volts = format::quantity(lang, *voltage_v, 2, "V");
            (
                format!("La tension du module optique est hors plage ({volts})."),
                format!("The voltage of the optical module is out of range ({volts})."),
            )
        }
        Finding::BiasOutOfRange { bias_ma } => {
            let current = format::quantity(lang, *bias_ma, 1, "mA");
            (
                format!("Le courant du laser est hors plage ({current})."),
                format!("The laser current is out of range ({current})."),
            )
        }
        Finding::WanDown { last_error, .. } => {
            let why = last_error
                .as_ref()
                .map_or_else(String::new, |error| format!(" ({error})"));
            (
                format!("La connexion Internet est coupée{why}."),
                format!("The Internet connection is down{why}."),
            )
        }
        Finding::WanWithoutAddress { .. } => (
            "La connexion Internet n’a pas d’adresse.".to_owned(),
            "The Internet connection has no address.".to_owned(),
        ),
        Finding::Overheating {
            temperature_c,
            transceiver,
        } => (
            format!(
                "{} surchauffe ({}).",
                part(Lang::Fr, *transceiver),
                celsius(temperature_c)
            ),
            format!(
                "{} is overheating ({}).",
                part(Lang::En, *transceiver),
                celsius(temperature_c)
            ),
        ),
        Finding::Warm {
            temperature_c,
            transceiver,
        } => (
            format!(
                "{} est chaud ({}).",
                part(Lang::Fr, *transceiver),
                celsius(temperature_c)
            ),
            format!(
                "{} is warm ({}).",
                part(Lang::En, *transceiver),
                celsius(temperature_c)
            ),
        ),
        Finding::HighCpu { percent } => {
            let use_ = format::percent(lang, f64::from(*percent), 0);
            (
                format!("Le processeur est très occupé ({use_})."),
                format!("The processor is very busy ({use_})."),
            )
        }
        Finding::LowMemory { free_percent } => {
            let free = format::percent(lang, *free_percent, 1);
            (
                format!("La mémoire est presque pleine (libre\u{a0}: {free})."),
                format!("The memory is almost full (free: {free})."),
            )
        }
        Finding::RadioDown { .. } => (
            "Une radio Wi-Fi allumée ne fonctionne pas.".to_owned(),
            "A Wi-Fi radio that is on does not work.".to_owned(),
        ),
        Finding::OpenNetwork { ssid } => (
            format!("Le réseau Wi-Fi «\u{a0}{ssid}\u{a0}» est sans mot de passe."),
            format!("The Wi-Fi network “{ssid}” has no password."),
        ),
        Finding::SlowPort { name, rate_mbps } => (
            format!("Le port {name} est lent ({rate_mbps}\u{a0}Mbit/s)\u{a0}: vérifiez le câble."),
            format!("The port {name} is slow ({rate_mbps}\u{a0}Mbit/s): check the cable."),
        ),
        Finding::StaleReadings { age_s } => {
            let age = format::duration(lang, u64::try_from(*age_s).unwrap_or(0));
            (
                format!("Les lectures datent de {age}."),
                format!("The readings are {age} old."),
            )
        }
        _ => return None,
    };
    Some(lang.pick(fr, en))
}

/// What is warm.
fn part(lang: Lang, transceiver: bool) -> &'static str {
    if transceiver {
        lang.pick("Le module optique", "The optical module")
    } else {
        lang.pick("Le modem", "The modem")
    }
}

/// The outcome of what was just asked.
pub(super) fn notice(lang: Lang, notice: Option<Notice<'_>>) -> Option<Markup> {
    let notice = notice?;
    let numbered = |sentence: &str, request_id: &str| {
        let number = lang.pick("Numéro de la requête\u{a0}:", "Request id:");
        Some(format!("{sentence} {number} {request_id}"))
    };
    let nothing = lang.pick(
        "Rien n’a été demandé au modem.",
        "Nothing was asked of the modem.",
    );
    let check = lang.pick(
        "Vérifiez les tâches du modem avant de recommencer.",
        "Check the modem’s tasks before you try again.",
    );
    let (tone, sentence, detail) = match (notice.act, notice.outcome) {
        (Act::Read, Outcome::Done) => (
            Tone::Ok,
            lang.pick("Lecture terminée.", "Reading done."),
            None,
        ),
        (Act::Reboot, Outcome::Done) => (
            Tone::Ok,
            lang.pick("Le modem redémarre.", "The modem is restarting."),
            Some(
                lang.pick(
                    "Il revient en ligne dans 2 à 5\u{a0}minutes.",
                    "It comes back online in 2 to 5\u{a0}minutes.",
                )
                .to_owned(),
            ),
        ),
        (_, Outcome::Queued) => (
            Tone::Warn,
            lang.pick("Le modem ne répond pas.", "The modem does not answer."),
            Some(
                match notice.act {
                    Act::Read => lang.pick(
                        "La lecture attend et se fera à son prochain contact.",
                        "The reading waits and will be made at its next contact.",
                    ),
                    Act::Reboot => lang.pick(
                        "Le redémarrage attend et se fera à son prochain contact.",
                        "The restart waits and will be made at its next contact.",
                    ),
                }
                .to_owned(),
            ),
        ),
        (act, Outcome::Faulted(words)) => (
            Tone::Bad,
            match act {
                Act::Read => lang.pick(
                    "Le modem a refusé la lecture.",
                    "The modem refused the reading.",
                ),
                Act::Reboot => lang.pick(
                    "Le modem a refusé de redémarrer.",
                    "The modem refused to restart.",
                ),
            },
            (!words.is_empty())
                .then(|| format!("{}{words}", lang.pick("Sa réponse\u{a0}: ", "Its answer: "))),
        ),
        (_, Outcome::Unreachable(request_id)) => (
            Tone::Bad,
            lang.pick("La demande n’est pas partie.", "The request was not sent."),
            numbered(nothing, request_id),
        ),
        (_, Outcome::Unknown(request_id)) => (
            Tone::Bad,
            lang.pick(
                "On ne sait pas si la demande est passée.",
                "It is not known whether the request went through.",
            ),
            numbered(check, request_id),
        ),
        (_, Outcome::Pending) => (
            Tone::Warn,
            lang.pick(
                "La demande est partie, mais la réponse tarde.",
                "The request was sent, but the answer is late.",
            ),
            Some(format!(
                "{} {check}",
                lang.pick(
                    "Le modem y travaille peut-être encore.",
                    "The modem may still be at it.",
                )
            )),
        ),
        (_, Outcome::Busy) => (
            Tone::Warn,
            lang.pick(
                "Le modem est déjà en session.",
                "The modem is already in a session.",
            ),
            Some(format!(
                "{nothing} {}",
                lang.pick("Réessayez dans un instant.", "Try again in a moment.")
            )),
        ),
        (_, Outcome::Missing) => (
            Tone::Bad,
            lang.pick(
                "Le serveur des modems ne connaît pas ce modem.",
                "The modem server does not know this modem.",
            ),
            Some(nothing.to_owned()),
        ),
    };
    let mut banner = Banner::new(tone, sentence).id("notice").alert();
    if let Some(detail) = detail {
        banner = banner.detail(detail);
    }
    Some(banner.render())
}

/// A sentence that something could not be read.
pub(super) fn cannot_read(lang: Lang, fr: &str, en: &str) -> String {
    lang.p(&Phrase::CannotRead(lang.pick(fr, en)))
}

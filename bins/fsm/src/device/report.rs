//! A summary for people.

mod facts;
mod findings;
mod network;
mod wifi;

use tr181::{Health, Identity, Optical, Summary, Thresholds};

use self::facts::Facts;
use super::marks;
use crate::cli::Context;
use crate::output::{Tone, clean};

/// The whole report.
pub(super) fn draw(summary: &Summary, context: &Context) -> String {
    let limits = Thresholds::default();
    let health = tr181::health(summary, &limits, context.now);
    let mut out = String::new();
    title(summary, &health, context, &mut out);
    findings::draw(&health, context, &mut out);
    out.push('\n');
    identity(summary, context, &mut out);
    network::internet(&summary.wan, &health, context, &mut out);
    if let Some(optical) = &summary.optical {
        self::optical(optical, &health, context, &mut out);
    }
    wifi::wifi(&summary.wifi, &limits, context, &mut out);
    network::lan(&summary.lan, context, &mut out);
    network::hosts(&summary.hosts, context, &mut out);
    out
}

/// Model, manufacturer, and the judgement on the whole.
fn title(summary: &Summary, health: &Health, context: &Context, out: &mut String) {
    let Identity {
        model,
        product_class,
        manufacturer,
        ..
    } = &summary.identity;
    let model = model
        .as_ref()
        .or(product_class.as_ref())
        .map(|fact| clean(&fact.value));
    let unknown = context.lang.pick("Modèle inconnu", "Unknown model");
    let mut line = context
        .painter
        .paint(Tone::Title, model.as_deref().unwrap_or(unknown));
    if let Some(manufacturer) = manufacturer {
        line.push_str("  ");
        line.push_str(&clean(&manufacturer.value));
    }
    let mark = marks::cell(health.overall(), context.lang).painted(context.painter);
    if !mark.is_empty() {
        line.push_str("  ");
        line.push_str(&mark);
    }
    out.push_str(&line);
    out.push('\n');
}

/// A section's name, with how old its readings are.
fn section(name: &str, of: &impl serde::Serialize, context: &Context, out: &mut String) {
    let age = facts::ages(of, context)
        .map(|age| format!("  {}", context.painter.paint(Tone::Quiet, &age)));
    let name = context.painter.paint(Tone::Title, name);
    out.push_str(&format!("\n{name}{}\n", age.unwrap_or_default()));
}

fn identity(summary: &Summary, context: &Context, out: &mut String) {
    let lang = context.lang;
    let who = &summary.identity;
    let mut facts = Facts::new(context);
    facts.bare(
        lang.pick("identifiant", "id"),
        summary.document.id.as_deref(),
    );
    facts.text(lang.pick("n° de série", "serial"), who.serial.as_ref());
    facts.text(lang.pick("logiciel", "software"), who.software.as_ref());
    facts.text(lang.pick("matériel", "hardware"), who.hardware.as_ref());
    let uptime = |seconds: &u64| lang.span(i64::try_from(*seconds).unwrap_or(i64::MAX));
    facts.show(
        lang.pick("en marche", "up for"),
        who.uptime_s.as_ref(),
        uptime,
    );
    if let (Some(free), Some(total)) = (&who.memory_free_kib, &who.memory_total_kib) {
        let share = 100.0 * free.value as f64 / (total.value as f64).max(1.0);
        let text = match lang {
            crate::lang::Lang::Fr => format!(
                "{share:.0}\u{a0}% libre de {}",
                lang.quantity(total.value as f64 / 1024.0, 0, "Mio")
            ),
            crate::lang::Lang::En => format!(
                "{share:.0}% free of {}",
                lang.quantity(total.value as f64 / 1024.0, 0, "MiB")
            ),
        };
        facts.show(lang.pick("mémoire", "memory"), Some(free), |_| {
            text.clone()
        });
    }
    let percent = |percent: &u32| format!("{percent}{}", lang.pick("\u{a0}%", "%"));
    facts.show(
        lang.pick("processeur", "processor"),
        who.cpu_percent.as_ref(),
        percent,
    );
    let degrees = |celsius: &f64| lang.quantity(*celsius, 0, "°C");
    facts.show(
        lang.pick("température", "temperature"),
        who.temperature_c.as_ref(),
        degrees,
    );
    if let Some(at) = summary.document.last_inform {
        let ago = lang.ago(context.now.duration_since(at).as_secs());
        let text = format!("{ago} ({})", at.strftime("%Y-%m-%d %H:%M UTC"));
        facts.bare(lang.pick("vu", "last seen"), Some(&text));
    }
    let tags = summary.document.tags.join(", ");
    facts.bare(
        lang.pick("étiquettes", "tags"),
        Some(tags.as_str()).filter(|tags| !tags.is_empty()),
    );
    facts.draw(out);
}

fn optical(optical: &Optical, health: &Health, context: &Context, out: &mut String) {
    let lang = context.lang;
    section(
        lang.pick("Signal optique", "Optical signal"),
        optical,
        context,
        out,
    );
    let mut facts = Facts::new(context);
    let dbm = |dbm: &f64| lang.quantity(*dbm, 2, "dBm");
    let received = lang.pick("reçu", "received");
    let mark = marks::received(health);
    match (&optical.rx_dbm, &optical.no_light) {
        (Some(rx), _) => facts.marked(received, Some(rx), dbm, mark),
        (None, Some(dark)) if dark.value => {
            let none = lang.pick("aucune lumière", "no light").to_owned();
            facts.marked(received, Some(dark), |_| none.clone(), mark);
        }
        (None, _) => {}
    }
    facts.show(lang.pick("émis", "sent"), optical.tx_dbm.as_ref(), dbm);
    let degrees = |celsius: &f64| lang.quantity(*celsius, 1, "°C");
    facts.marked(
        lang.pick("température", "temperature"),
        optical.temperature_c.as_ref(),
        degrees,
        marks::warmth(health),
    );
    facts.show(
        lang.pick("tension", "voltage"),
        optical.voltage_v.as_ref(),
        |volts| lang.quantity(*volts, 2, "V"),
    );
    facts.show(
        lang.pick("courant laser", "laser bias"),
        optical.bias_ma.as_ref(),
        |ma| lang.quantity(*ma, 1, "mA"),
    );
    facts.text(lang.pick("état", "state"), optical.state.as_ref());
    facts.text("standard", optical.standard.as_ref());
    facts.text(
        lang.pick("n° de série PON", "PON serial"),
        optical.serial.as_ref(),
    );
    facts.draw(out);
}

//! The screen of a client.

use ui_kit::{
    Banner, Button, Icon, Markup, Page, Stat, Text, Tone, form_post, format, html, skeleton,
    stat_strip,
};

use super::super::view::{Appointment, Balance, Client, Moment, Part, Plan, PlanNote};
use super::{SEARCH, count, equipment, head, history, href, invoices, invoices_href, money};
use crate::payments;

/// Fills the page of a client: who, four figures, invoices, equipment, history.
pub(in crate::clients) fn client(page: Page, moment: &Moment<'_>, client: &Client) -> Page {
    let who = &client.who;
    let head = head(moment, who).crumb(SEARCH, moment.lang.t(Text::Customers));
    let head = match pay(moment, client) {
        Some(action) => head.action(action),
        None => head,
    };
    page.search(SEARCH)
        .head(head)
        .refresh(&href(&who.id))
        .body(html! {
            div.stack #record data-frag data-on=(payments::EVENTS) data-src=(href(&who.id)) {
                @if let Some(banner) = silent(moment, client) { (banner) }
                (stat_strip(&[
                    balance(moment, client),
                    plan(moment, &client.plan),
                    equipment::waiting(moment, client),
                    appointment(moment, &client.appointment),
                ]))
                div.cols-main {
                    div.stack {
                        (invoices::card(moment, who, &client.invoices))
                        @if client.till.is_some() {
                            (skeleton(
                                payments::PART,
                                &payments::href(&who.id),
                                moment.lang.pick("Voir les paiements et la carte", "See payments and card"),
                            ))
                        }
                        (equipment::card(moment, client))
                    }
                    (history::card(moment, &client.history))
                }
            }
        })
}

/// The link by which the invoice is paid that has waited longest.
fn pay(moment: &Moment<'_>, client: &Client) -> Option<Markup> {
    let csrf = client.till.as_deref()?;
    let oldest = client.balance.read()?.oldest.as_deref()?;
    let label = moment.lang.pick("Lien de paiement", "Payment link");
    let action = payments::act_href(&client.who.id, "link");
    Some(form_post(
        &action,
        csrf,
        html! {
            input type="hidden" name="invoice" value=(oldest);
            (Button::submit(label).icon(Icon::Card).primary().id("pay"))
        },
    ))
}

/// A figure has no room for the number of the request: a line above says it once.
fn silent(moment: &Moment<'_>, client: &Client) -> Option<Banner> {
    let lang = moment.lang;
    let all = client.balance.read().is_some()
        && client.plan.read().is_some()
        && client.appointment.read().is_some()
        && client.who.standing.is_some();
    (!all).then(|| {
        Banner::new(
            Tone::Warn,
            lang.pick(
                "Une partie de la fiche n’a pas pu être lue.",
                "A part of the record could not be read.",
            ),
        )
        .detail(html! {
            (lang.t(Text::RequestId)) (lang.pick("\u{a0}: ", ": ")) code { (moment.request_id) } "."
        })
        .link(&href(&client.who.id), lang.t(Text::TryAgain))
    })
}

fn absent(moment: &Moment<'_>, label: Text) -> Stat {
    let lang = moment.lang;
    Stat::text(lang.pick("Indisponible", "Unavailable"), lang.t(label))
}

fn balance(moment: &Moment<'_>, client: &Client) -> Stat {
    let lang = moment.lang;
    let Part::Read(balance) = &client.balance else {
        return absent(moment, Text::BalanceDue);
    };
    let due = money(lang, balance.due);
    let due = if balance.cut {
        lang.pick(format!("au moins {due}"), format!("at least {due}"))
    } else {
        due
    };
    let stat = Stat::text(due, lang.t(Text::BalanceDue))
        .detail(why(moment, balance))
        .link(&invoices_href(&client.who.id, ""));
    if balance.late > 0 {
        stat.tone(Tone::Bad)
    } else {
        stat
    }
}

/// What the balance is made of.
fn why(moment: &Moment<'_>, balance: &Balance) -> String {
    let lang = moment.lang;
    let days = balance.oldest_days.unwrap_or_default().max(0);
    let days = format::duration(lang, u64::from(days.unsigned_abs()) * 86_400);
    match (balance.late, balance.unpaid) {
        (0, 0) if balance.due.is_sign_negative() && !balance.due.is_zero() => lang
            .pick("crédit au compte", "credit on the account")
            .to_owned(),
        (0, 0) => lang.pick("tout est payé", "all paid").to_owned(),
        (0, 1) => lang
            .pick("1 facture à payer", "1 invoice to pay")
            .to_owned(),
        (0, n) => {
            let n = count(lang, n);
            lang.pick(
                format!("{n} factures à payer"),
                format!("{n} invoices to pay"),
            )
        }
        (1, _) => lang.pick(
            format!("1 facture en retard de {days}"),
            format!("1 invoice {days} overdue"),
        ),
        (n, _) => {
            let n = count(lang, n);
            lang.pick(
                format!("{n} factures en retard, la plus ancienne de {days}"),
                format!("{n} invoices overdue, the oldest by {days}"),
            )
        }
    }
}

fn plan(moment: &Moment<'_>, plan: &Part<Option<Plan>>) -> Stat {
    let lang = moment.lang;
    let label = lang.t(Text::Service);
    let plan = match plan {
        Part::Unavailable => return absent(moment, Text::Service),
        Part::Read(None) => {
            return Stat::text(lang.pick("Aucun forfait", "No plan"), label);
        }
        Part::Read(Some(plan)) => plan,
    };
    let mut detail = Vec::new();
    if let Some(price) = plan.monthly {
        let price = money(lang, price);
        detail.push(lang.pick(
            format!("{price} par mois + taxes"),
            format!("{price} a month + taxes"),
        ));
    }
    match plan.others {
        0 => {}
        1 => detail.push(lang.pick("et 1 autre", "and 1 more").to_owned()),
        n => {
            let n = count(lang, n);
            detail.push(lang.pick(format!("et {n} autres"), format!("and {n} more")));
        }
    }
    match plan.note {
        Some(PlanNote::Trial) => detail.push(lang.pick("à l’essai", "on trial").to_owned()),
        Some(PlanNote::Unpaid) => detail.push(lang.pick("impayé", "unpaid").to_owned()),
        None => {}
    }
    Stat::text(plan.name.as_str(), label).detail(detail.join(" · "))
}

fn appointment(moment: &Moment<'_>, next: &Part<Option<Appointment>>) -> Stat {
    let lang = moment.lang;
    let label = lang.t(Text::NextAppointment);
    let next = match next {
        Part::Unavailable => return absent(moment, Text::NextAppointment),
        Part::Read(None) => return Stat::text(lang.pick("Aucun", "None"), label),
        Part::Read(Some(next)) => next,
    };
    let day = format::date_day(lang, next.date);
    let value = match next.start {
        Some(start) => format!("{day}, {}", format::clock(lang, start)),
        None => day,
    };
    let window = match (next.start, next.end) {
        (Some(start), Some(end)) => Some(format::clock_range(lang, start, end)),
        _ => None,
    };
    let who = next
        .technician
        .clone()
        .unwrap_or_else(|| lang.t(Text::Unassigned).to_lowercase());
    let detail: Vec<String> = window.into_iter().chain([who]).collect();
    Stat::text(value, label).detail(detail.join(" · "))
}

//! The pages that stand before money moves, or a consent.

use stripe_lite::Amount;
use ui_kit::{
    Button, Card, Confirm, Field, Lang, Page, PageHead, Text, choices, error_summary, form_post,
    html,
};

use super::{Frame, Saved, act_href, client_href, href, money};

/// Where the search of clients is.
const SEARCH: &str = "/ops/clients";

fn framed(page: Page, frame: &Frame<'_>, title: &str) -> Page {
    let lang = frame.lang;
    page.search(SEARCH).head(
        PageHead::new(title)
            .lang(lang)
            .crumb(SEARCH, lang.t(Text::Customers))
            .crumb(&client_href(frame.id), frame.name)
            .crumb(&href(frame.id), lang.pick("Paiements", "Payments")),
    )
}

/// A charge that is about to be made.
#[derive(Clone, Debug)]
pub(in crate::payments) struct ChargeView<'a> {
    pub(in crate::payments) invoice: &'a str,
    pub(in crate::payments) amount: Amount,
    pub(in crate::payments) card: &'a Saved,
    /// The key of this form: sent twice, it charges once.
    pub(in crate::payments) attempt: &'a str,
}

/// Fills the page before a charge.
pub(in crate::payments) fn charge(page: Page, frame: &Frame<'_>, view: &ChargeView<'_>) -> Page {
    let lang = frame.lang;
    let (amount, card) = (money(lang, view.amount), view.card.title());
    let title = lang.pick("Porter à la carte", "Charge the card");
    let verb = lang.pick(
        format!("Porter {amount} à la carte"),
        format!("Charge {amount}"),
    );
    let confirm = Confirm::new(lang, &act_href(frame.id, "charge"), frame.csrf, verb, &href(frame.id))
        .intro(html! { p { strong { (view.invoice) } " · " (amount) " · " (card) } })
        .hidden("invoice", view.invoice)
        .hidden("cents", view.amount.minor().to_string())
        .hidden("card", view.card.id.as_str())
        .hidden("attempt", view.attempt)
        .consequence(lang.pick(
            format!("La carte {card} est débitée de {amount} maintenant, sans que le client ait à faire quoi que ce soit."),
            format!("The card {card} is charged {amount} now; the customer has nothing to do."),
        ))
        .consequence(lang.pick(
            "Un lien de paiement ouvert pour cette facture cesse de fonctionner.",
            "An open payment link of this invoice stops working.",
        ));
    framed(page, frame, title).body(confirm)
}

/// A refund that is about to be made.
#[derive(Clone, Debug)]
pub(in crate::payments) struct RefundView<'a> {
    pub(in crate::payments) entry: &'a str,
    pub(in crate::payments) left: Amount,
    /// The amount as it was typed.
    pub(in crate::payments) typed: &'a str,
    pub(in crate::payments) reason: Option<&'a str>,
    /// The key of this form: sent twice, it refunds once.
    pub(in crate::payments) attempt: &'a str,
    /// What is wrong with the amount.
    pub(in crate::payments) error: Option<&'a str>,
}

/// Fills the page before a refund: its amount, and what will happen.
pub(in crate::payments) fn refund(page: Page, frame: &Frame<'_>, view: &RefundView<'_>) -> Page {
    let lang = frame.lang;
    let left = money(lang, view.left);
    let field = Field::new("amount", lang.t(Text::Amount))
        .hint(lang.pick(
            format!("Au plus {left}, ce qui reste de ce paiement."),
            format!("At most {left}, what is left of this payment."),
        ))
        .input_mode("decimal")
        .autocomplete("off")
        .max_length(20)
        .value(view.typed);
    let field = match view.error {
        Some(error) => field.error(error),
        None => field,
    };
    let reasons = [
        (
            "requested_by_customer",
            lang.pick("Demande du client", "Customer’s request"),
            None,
        ),
        ("duplicate", lang.pick("Payé en double", "Paid twice"), None),
        ("fraudulent", lang.pick("Fraude", "Fraud"), None),
    ];
    let errors: Vec<(&str, &str)> = view
        .error
        .map(|error| ("amount", error))
        .into_iter()
        .collect();
    let title = lang.pick("Rembourser", "Refund");
    let form = html! {
        input type="hidden" name="entry" value=(view.entry);
        input type="hidden" name="attempt" value=(view.attempt);
        (field)
        (choices("reason", lang.pick("Raison", "Reason"), &reasons, view.reason.or(Some("requested_by_customer"))))
        div.row {
            (Button::submit(title).danger().id("confirm"))
            (Button::link(&href(frame.id), lang.t(Text::Cancel)).quiet())
        }
    };
    framed(page, frame, title)
        .error(view.error.is_some())
        .body(html! {
            div.stack.narrow {
                (error_summary(lang, &errors))
                (Card::new("consequences", lang.t(Text::Consequences)).body(html! {
                    div.mb { p { strong { (view.entry) } } }
                    ul.bullets {
                        li { (lang.pick(
                            "L’argent retourne à la carte du client; cela prend de 5 à 10\u{a0}jours.",
                            "The money goes back to the customer’s card; this takes 5 to 10\u{a0}days.",
                        )) }
                        li { (lang.pick(
                            "Un remboursement ne s’annule pas.",
                            "A refund cannot be undone.",
                        )) }
                    }
                }))
                (form_post(&act_href(frame.id, "refund"), frame.csrf, form))
            }
        })
}

/// A consent that is about to be kept or withdrawn.
#[derive(Clone, Debug)]
pub(in crate::payments) struct PpaView<'a> {
    /// What it will be.
    pub(in crate::payments) enable: bool,
    /// The name of the text.
    pub(in crate::payments) version: &'a str,
    /// The card, where there is one.
    pub(in crate::payments) card: Option<&'a Saved>,
}

/// What a customer agrees to; its name is [`consent_version`].
fn consent_text(lang: Lang) -> &'static str {
    lang.pick(
        "J’autorise Gigafibre à débiter ma carte enregistrée du solde de chaque facture, à sa date d’échéance. Je peux retirer cette autorisation en tout temps.",
        "I authorize Gigafibre to charge my saved card for the balance of each invoice on its due date. I may withdraw this authorization at any time.",
    )
}

/// The name of the text that customers agree to.
pub(in crate::payments) fn consent_version(lang: Lang) -> &'static str {
    lang.pick("2026-11-fr", "2026-11-en")
}

/// Fills the page before a consent is kept or withdrawn.
pub(in crate::payments) fn ppa(page: Page, frame: &Frame<'_>, view: &PpaView<'_>) -> Page {
    let lang = frame.lang;
    let action = act_href(frame.id, "ppa");
    let (title, verb) = if view.enable {
        (
            lang.pick(
                "Activer le paiement préautorisé",
                "Turn pre-authorized payment on",
            ),
            lang.pick("Le client accepte", "The customer agrees"),
        )
    } else {
        let off = lang.pick(
            "Désactiver le paiement préautorisé",
            "Turn pre-authorized payment off",
        );
        (off, off)
    };
    let confirm = Confirm::new(lang, &action, frame.csrf, verb, &href(frame.id))
        .hidden("enabled", if view.enable { "1" } else { "0" })
        .hidden("version", view.version);
    let confirm = if view.enable {
        confirm
            .intro(html! {
                p { (lang.pick("Lisez ce texte au client\u{a0}:", "Read this text to the customer:")) }
                blockquote { (consent_text(lang)) }
            })
            .consequence(match view.card {
                Some(card) => lang.pick(
                    format!("La carte {} est débitée à chaque échéance.", card.title()),
                    format!("The card {} is charged on each due date.", card.title()),
                ),
                None => lang
                    .pick(
                        "Aucune carte n’est enregistrée\u{a0}: rien n’est débité avant qu’il y en ait une.",
                        "There is no saved card: nothing is charged before there is one.",
                    )
                    .to_owned(),
            })
            .consequence(lang.pick(
                "La date, le texte et votre nom sont gardés.",
                "The date, the text and your name are kept.",
            ))
    } else {
        confirm
            .consequence(lang.pick(
                "Plus rien n’est débité sans que le client le demande.",
                "Nothing more is charged unless the customer asks.",
            ))
            .consequence(lang.pick(
                "Ses factures restent à payer par lui-même.",
                "The customer pays the invoices in person.",
            ))
    };
    framed(page, frame, title).body(confirm)
}

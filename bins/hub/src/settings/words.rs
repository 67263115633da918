//! Why an event failed, in words for a person.

use ui_kit::Lang;

/// What is noted with an event, and what a person is told: what happened, what to do.
const REASONS: &[(&str, &str, &str)] = &[
    (
        "neither an invoice nor a customer is known",
        "Ni la facture ni le client n’est connu. Retrouvez le paiement chez Stripe et inscrivez-le à la main.",
        "Neither the invoice nor the customer is known. Find the payment at Stripe and enter it by hand.",
    ),
    (
        "nobody is known for it",
        "Ni la facture ni le client n’est connu. Retrouvez le paiement chez Stripe et inscrivez-le à la main.",
        "Neither the invoice nor the customer is known. Find the payment at Stripe and enter it by hand.",
    ),
    (
        "custom_psp_reference",
        "ERPNext n’est pas prêt\u{a0}: un champ manque. Lancez «\u{a0}fsm erp bootstrap\u{a0}», puis rejouez.",
        "ERPNext is not ready: a field is missing. Run “fsm erp bootstrap”, then replay.",
    ),
    (
        "the currency is not the invoice's",
        "La devise n’est pas celle de la facture. Inscrivez le paiement à la main.",
        "The currency is not the invoice’s. Enter the payment by hand.",
    ),
    (
        "neither a bank account nor a way of paying",
        "L’entreprise n’a ni compte bancaire ni mode de paiement dans ERPNext. Ajoutez-en un, puis rejouez.",
        "The company has neither a bank account nor a mode of payment in ERPNext. Add one, then replay.",
    ),
    (
        "the payment has not been booked yet",
        "Le paiement n’est pas encore inscrit. L’événement l’attend.",
        "The payment has not been booked yet. The event waits for it.",
    ),
    (
        "another payment of the invoice is being booked",
        "Un autre paiement de la facture est en cours d’inscription.",
        "Another payment of the invoice is being booked.",
    ),
    (
        "ERPNext did not do it",
        "ERPNext a refusé ou n’a pas répondu. Vérifiez-le, puis rejouez.",
        "ERPNext refused or did not answer. Check it, then replay.",
    ),
    (
        "no attempt came to an end",
        "Aucun essai n’est allé au bout. Vérifiez le journal technique, puis rejouez.",
        "No attempt came to an end. Check the log, then replay.",
    ),
    (
        "cannot be read",
        "L’événement est illisible. Rejouez-le après une mise à jour.",
        "The event cannot be read. Replay it after an update.",
    ),
];

/// The sentence for what was noted, where there is one.
pub(super) fn reason(lang: Lang, noted: &str) -> Option<&'static str> {
    REASONS
        .iter()
        .find(|(part, _, _)| noted.contains(part))
        .map(|(_, french, english)| lang.pick(*french, *english))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_is_typeset_and_the_raw_note_is_found_within_more() {
        for (part, french, _) in REASONS {
            assert!(ui_kit::french_slips(french).is_empty(), "{part}");
            assert!(reason(Lang::Fr, &format!("first {part} last")).is_some());
        }
        assert_eq!(reason(Lang::En, "something else"), None);
    }
}

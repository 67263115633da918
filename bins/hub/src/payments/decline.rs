//! A payment that was refused, in words.

use serde::{Deserialize, Serialize};
use stripe_lite::{Advice, CardError, LastError};

use crate::platform::error::HubError;

/// Why a bank refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Decline {
    pub(super) code: Option<String>,
    pub(super) decline_code: Option<String>,
    pub(super) advice_code: Option<String>,
}

/// From the answer to a call.
pub(super) fn of_card_error(error: &CardError) -> Decline {
    Decline {
        code: error.code().map(str::to_owned),
        decline_code: error.decline_code().map(str::to_owned),
        advice_code: error.advice_code().map(str::to_owned),
    }
}

/// From a payment that is looked at later.
pub(super) fn of_last_error(error: &LastError) -> Decline {
    Decline {
        code: error.code.clone(),
        decline_code: error.decline_code.clone(),
        advice_code: error.advice_code.clone(),
    }
}

/// By what a page of ours was told.
pub(super) fn by_code(decline_code: Option<&str>) -> Decline {
    Decline {
        decline_code: decline_code.map(str::to_owned),
        ..Decline::default()
    }
}

impl Decline {
    /// The bank wants the customer to confirm in person.
    pub(super) fn authentication_required() -> Self {
        Self {
            code: Some("authentication_required".to_owned()),
            ..Self::default()
        }
    }

    fn advice(&self) -> Advice {
        Advice::of(
            self.code.as_deref(),
            self.decline_code.as_deref(),
            self.advice_code.as_deref(),
        )
    }

    /// Whether the customer can pay by confirming in person.
    pub(super) fn needs_the_customer(&self) -> bool {
        self.advice() == Advice::Authenticate
    }

    /// What happened and what to do: French, English.
    pub(super) fn sentence(&self) -> &'static (&'static str, &'static str) {
        if self.needs_the_customer() {
            return &(
                "La banque demande que le client confirme lui-même. Envoyez-lui un lien de paiement.",
                "The bank asks the customer to confirm in person. Send a payment link.",
            );
        }
        match self.decline_code.as_deref().or(self.code.as_deref()) {
            Some(
                "insufficient_funds" | "withdrawal_count_limit_exceeded" | "card_velocity_exceeded",
            ) => &(
                "Paiement refusé\u{a0}: fonds insuffisants ou limite atteinte. Réessayez plus tard ou prenez une autre carte.",
                "Payment declined: insufficient funds or a limit reached. Try later or use another card.",
            ),
            Some("expired_card") => &(
                "Paiement refusé\u{a0}: la carte est expirée. Demandez une autre carte.",
                "Payment declined: the card has expired. Ask for another card.",
            ),
            Some("lost_card" | "stolen_card" | "pickup_card") => &(
                "Paiement refusé\u{a0}: la carte n’est plus valable. Demandez une autre carte.",
                "Payment declined: the card is no longer valid. Ask for another card.",
            ),
            Some(
                "processing_error"
                | "issuer_not_available"
                | "reenter_transaction"
                | "try_again_later",
            ) => &(
                "La banque ne répond pas. Réessayez dans quelques minutes.",
                "The bank does not answer. Try again in a few minutes.",
            ),
            _ => match self.advice() {
                Advice::Never | Advice::NewCard => &(
                    "Paiement refusé. Demandez une autre carte.",
                    "Payment declined. Ask for another card.",
                ),
                _ => &(
                    "Paiement refusé par la banque. Réessayez plus tard ou prenez une autre carte.",
                    "Payment declined by the bank. Try later or use another card.",
                ),
            },
        }
    }

    /// The answer to a program.
    pub(super) fn to_error(&self) -> HubError {
        let code = if self.needs_the_customer() {
            "authentication_required"
        } else {
            "card_declined"
        };
        let mut error = HubError::payment_refused(code)
            .saying(self.sentence())
            .with("advice", self.advice().as_str());
        if let Some(decline_code) = &self.decline_code {
            error = error.with("decline_code", decline_code.as_str());
        }
        error
    }
}

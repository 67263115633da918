//! Cards that behave in a known way, as those of Stripe's test mode do.

use serde_json::{Value, json};

use super::failure::Failure;

/// How a card behaves.
///
/// In calls a card is named by its [`token`](Self::token), which stands for a payment method; on
/// the page it is chosen by its [`slug`](Self::slug).
///
/// Stripe, "Testing use cases".
///
/// # Examples
///
/// ```
/// use stripe_lite::testing::TestCard;
///
/// assert_eq!(TestCard::Visa.token(), "pm_card_visa");
/// assert_eq!(TestCard::from_token("pm_card_visa_chargeDeclinedLostCard"), Some(TestCard::LostCard));
/// assert_eq!(TestCard::InsufficientFunds.slug(), "insufficient_funds");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TestCard {
    /// Works.
    Visa,
    /// Works.
    Mastercard,
    /// Works.
    Amex,
    /// Can be saved, and is refused whenever it is charged.
    DeclinedLater,
    /// Refused without a reason.
    Declined,
    /// Refused: too little money.
    InsufficientFunds,
    /// Refused: lost.
    LostCard,
    /// Refused: stolen.
    StolenCard,
    /// Refused: too old.
    Expired,
    /// Refused: wrong code.
    IncorrectCvc,
    /// Refused: something went wrong on the way.
    ProcessingError,
    /// Refused: suspected of fraud.
    Fraudulent,
    /// Works on a page; off session the customer has to take part.
    AuthenticationRequired,
    /// A debit of a bank account: takes days, see
    /// [`FakeStripe::settle_debit`](super::FakeStripe::settle_debit).
    BankDebit,
    /// Klarna: works on a page, cannot be saved.
    Klarna,
}

/// What becomes of a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Paid,
    Processing,
    Declined(Decline),
    Authenticate,
}

/// What the bank says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decline {
    pub(super) code: &'static str,
    pub(super) decline_code: Option<&'static str>,
    pub(super) advice_code: Option<&'static str>,
    pub(super) message: &'static str,
}

impl TestCard {
    /// Every card.
    pub const ALL: [Self; 15] = [
        Self::Visa,
        Self::Mastercard,
        Self::Amex,
        Self::DeclinedLater,
        Self::Declined,
        Self::InsufficientFunds,
        Self::LostCard,
        Self::StolenCard,
        Self::Expired,
        Self::IncorrectCvc,
        Self::ProcessingError,
        Self::Fraudulent,
        Self::AuthenticationRequired,
        Self::BankDebit,
        Self::Klarna,
    ];

    /// The name of the card in calls.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Visa => "pm_card_visa",
            Self::Mastercard => "pm_card_mastercard",
            Self::Amex => "pm_card_amex",
            Self::DeclinedLater => "pm_card_chargeCustomerFail",
            Self::Declined => "pm_card_visa_chargeDeclined",
            Self::InsufficientFunds => "pm_card_visa_chargeDeclinedInsufficientFunds",
            Self::LostCard => "pm_card_visa_chargeDeclinedLostCard",
            Self::StolenCard => "pm_card_visa_chargeDeclinedStolenCard",
            Self::Expired => "pm_card_chargeDeclinedExpiredCard",
            Self::IncorrectCvc => "pm_card_chargeDeclinedIncorrectCvc",
            Self::ProcessingError => "pm_card_chargeDeclinedProcessingError",
            Self::Fraudulent => "pm_card_chargeDeclinedFraudulent",
            Self::AuthenticationRequired => "pm_card_authenticationRequired",
            Self::BankDebit => "pm_ca_acssDebit",
            Self::Klarna => "pm_klarna",
        }
    }

    /// The card of a name in calls; `visa_` inside may be left out or added.
    #[must_use]
    pub fn from_token(token: &str) -> Option<Self> {
        let bare = |token: &str| token.replace("pm_card_visa_", "pm_card_");
        Self::ALL
            .into_iter()
            .find(|card| bare(card.token()) == bare(token))
    }

    /// The name of the card on the page: `visa`, `insufficient_funds`, …
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Visa => "visa",
            Self::Mastercard => "mastercard",
            Self::Amex => "amex",
            Self::DeclinedLater => "declined_later",
            Self::Declined => "declined",
            Self::InsufficientFunds => "insufficient_funds",
            Self::LostCard => "lost_card",
            Self::StolenCard => "stolen_card",
            Self::Expired => "expired",
            Self::IncorrectCvc => "incorrect_cvc",
            Self::ProcessingError => "processing_error",
            Self::Fraudulent => "fraudulent",
            Self::AuthenticationRequired => "authentication_required",
            Self::BankDebit => "bank_debit",
            Self::Klarna => "klarna",
        }
    }

    pub(super) fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|card| card.slug() == slug)
    }

    /// What the page calls it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Visa => "Visa •••• 4242, acceptée",
            Self::Mastercard => "Mastercard •••• 4444, acceptée",
            Self::Amex => "American Express •••• 8431, acceptée",
            Self::DeclinedLater => "Visa •••• 0341, enregistrée puis refusée",
            Self::Declined => "Visa •••• 0002, refusée",
            Self::InsufficientFunds => "Visa •••• 9995, fonds insuffisants",
            Self::LostCard => "Visa •••• 9987, perdue",
            Self::StolenCard => "Visa •••• 9979, volée",
            Self::Expired => "Visa •••• 0069, expirée",
            Self::IncorrectCvc => "Visa •••• 0127, code de sécurité erroné",
            Self::ProcessingError => "Visa •••• 0119, erreur de traitement",
            Self::Fraudulent => "Visa •••• 0019, soupçon de fraude",
            Self::AuthenticationRequired => "Visa •••• 3184, à confirmer par le client",
            Self::BankDebit => "Débit préautorisé, compte •••• 6789",
            Self::Klarna => "Klarna",
        }
    }

    pub(super) fn last4(self) -> &'static str {
        match self {
            Self::Visa => "4242",
            Self::Mastercard => "4444",
            Self::Amex => "8431",
            Self::DeclinedLater => "0341",
            Self::Declined => "0002",
            Self::InsufficientFunds => "9995",
            Self::LostCard => "9987",
            Self::StolenCard => "9979",
            Self::Expired => "0069",
            Self::IncorrectCvc => "0127",
            Self::ProcessingError => "0119",
            Self::Fraudulent => "0019",
            Self::AuthenticationRequired => "3184",
            Self::BankDebit => "6789",
            Self::Klarna => "",
        }
    }

    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::BankDebit => "acss_debit",
            Self::Klarna => "klarna",
            _ => "card",
        }
    }

    fn brand(self) -> &'static str {
        match self {
            Self::Mastercard => "mastercard",
            Self::Amex => "amex",
            _ => "visa",
        }
    }

    /// The part of a payment method that its kind is named after.
    pub(super) fn details(self) -> Value {
        match self {
            Self::BankDebit => json!({
                "bank_name": "STRIPE TEST BANK",
                "fingerprint": "fakeDebit6789",
                "institution_number": "000",
                "last4": self.last4(),
                "transit_number": "11000",
            }),
            Self::Klarna => json!({ "dob": null }),
            _ => json!({
                "brand": self.brand(),
                "checks": {"address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass"},
                "country": "CA",
                "display_brand": self.brand(),
                "exp_month": 8,
                "exp_year": 2034,
                "fingerprint": format!("fakeCard{}", self.last4()),
                "funding": "credit",
                "generated_from": null,
                "last4": self.last4(),
                "networks": {"available": [self.brand()], "preferred": null},
                "three_d_secure_usage": {"supported": true},
                "wallet": null,
            }),
        }
    }

    /// What the bank says to saving it.
    pub(super) fn on_save(self) -> Outcome {
        match self {
            Self::DeclinedLater | Self::AuthenticationRequired | Self::BankDebit => Outcome::Paid,
            card => card.on_charge(),
        }
    }

    /// What the bank says to charging it while the customer is there to take part.
    pub(super) fn on_page(self) -> Outcome {
        match self.on_charge() {
            Outcome::Authenticate => Outcome::Paid,
            outcome => outcome,
        }
    }

    /// What the bank says to charging it.
    pub(super) fn on_charge(self) -> Outcome {
        let declined = |decline_code, advice_code, message| {
            Outcome::Declined(Decline {
                code: "card_declined",
                decline_code: Some(decline_code),
                advice_code,
                message,
            })
        };
        let refused = |code, message| {
            Outcome::Declined(Decline {
                code,
                decline_code: None,
                advice_code: None,
                message,
            })
        };
        let later = Some("try_again_later");
        let never = Some("do_not_try_again");
        match self {
            Self::Visa | Self::Mastercard | Self::Amex | Self::Klarna => Outcome::Paid,
            Self::BankDebit => Outcome::Processing,
            Self::AuthenticationRequired => Outcome::Authenticate,
            Self::DeclinedLater | Self::Declined => {
                declined("generic_decline", later, "Your card was declined.")
            }
            Self::InsufficientFunds => declined(
                "insufficient_funds",
                later,
                "Your card has insufficient funds.",
            ),
            Self::LostCard => declined("lost_card", never, "Your card was declined."),
            Self::StolenCard => declined("stolen_card", never, "Your card was declined."),
            Self::Fraudulent => declined("fraudulent", never, "Your card was declined."),
            Self::Expired => refused("expired_card", "Your card has expired."),
            Self::IncorrectCvc => {
                refused("incorrect_cvc", "Your card's security code is incorrect.")
            }
            Self::ProcessingError => refused(
                "processing_error",
                "An error occurred while processing your card. Try again in a little bit.",
            ),
        }
    }
}

/// What the bank says when the customer is away and has to take part.
pub(super) const AUTHENTICATION: Decline = Decline {
    code: "authentication_required",
    decline_code: Some("authentication_required"),
    advice_code: None,
    message: "Your card was declined. This transaction requires authentication.",
};

impl Decline {
    /// The refusal of a call.
    pub(super) fn failure(self) -> Failure {
        let failure = Failure::new(402, "card_error", self.message).code(self.code);
        let failure = match self.decline_code {
            Some(code) => failure.with("decline_code", code),
            None => failure,
        };
        match self.advice_code {
            Some(code) => failure.with("advice_code", code),
            None => failure,
        }
    }
}

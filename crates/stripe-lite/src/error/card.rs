use std::fmt;

use crate::open_enum::open_enum;
use crate::{PaymentIntent, SetupIntent};

/// What Stripe or the bank said about a card that was refused (402).
///
/// Stripe, "Card declines" and "Decline codes".
#[derive(Clone, PartialEq)]
pub struct CardError {
    pub(super) status: u16,
    pub(super) code: Option<Box<str>>,
    pub(super) decline_code: Option<Box<str>>,
    pub(super) advice_code: Option<Box<str>>,
    pub(super) param: Option<Box<str>>,
    pub(super) message: Option<Box<str>>,
    pub(super) request_id: Option<Box<str>>,
    pub(super) charge: Option<Box<str>>,
    pub(super) payment_intent: Option<Box<PaymentIntent>>,
    pub(super) setup_intent: Option<Box<SetupIntent>>,
}

open_enum! {
    /// What may be done about a refused card.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_lite::Advice;
    ///
    /// assert_eq!(Advice::of(Some("card_declined"), Some("lost_card"), None), Advice::Never);
    /// assert_eq!(Advice::of(Some("card_declined"), Some("insufficient_funds"), None), Advice::Later);
    /// assert_eq!(Advice::of(Some("expired_card"), None, None), Advice::NewCard);
    /// // What Stripe itself advises comes first, but for cards that must not be tried again.
    /// assert_eq!(Advice::of(Some("card_declined"), Some("generic_decline"), Some("do_not_try_again")), Advice::Never);
    /// assert_eq!(Advice::of(Some("card_declined"), Some("stolen_card"), Some("try_again_later")), Advice::Never);
    /// ```
    Advice {
        /// Never charge this card again: lost, stolen, closed, suspected of fraud.
        Never = "never",
        /// The same card may work another day.
        Later = "later",
        /// The customer has to give another card, or correct this one.
        NewCard = "new_card",
        /// The customer has to take part: send a Checkout page.
        Authenticate = "authenticate",
    }
}

impl Advice {
    /// Judges by the codes of an error, or of a `last_payment_error` in an event.
    #[must_use]
    pub fn of(code: Option<&str>, decline_code: Option<&str>, advice_code: Option<&str>) -> Self {
        if let Some(
            "lost_card"
            | "stolen_card"
            | "pickup_card"
            | "fraudulent"
            | "invalid_account"
            | "merchant_blacklist"
            | "restricted_card"
            | "security_violation"
            | "stop_payment_order"
            | "revocation_of_authorization"
            | "revocation_of_all_authorizations",
        ) = decline_code
        {
            return Self::Never;
        }
        if code == Some("authentication_required")
            || decline_code == Some("authentication_required")
        {
            return Self::Authenticate;
        }
        match advice_code {
            Some("do_not_try_again") => return Self::Never,
            Some("try_again_later") => return Self::Later,
            Some("confirm_card_data") => return Self::NewCard,
            _ => {}
        }
        match decline_code.or(code) {
            Some(
                "expired_card"
                | "incorrect_number"
                | "invalid_number"
                | "incorrect_cvc"
                | "invalid_cvc"
                | "invalid_expiry_month"
                | "invalid_expiry_year"
                | "card_not_supported"
                | "currency_not_supported"
                | "incorrect_zip",
            ) => Self::NewCard,
            _ => Self::Later,
        }
    }
}

impl CardError {
    /// HTTP status: 402.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Stripe's code: `card_declined`, `expired_card`, `authentication_required`, …
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Why the bank refused: `insufficient_funds`, `do_not_honor`, `lost_card`, …
    #[must_use]
    pub fn decline_code(&self) -> Option<&str> {
        self.decline_code.as_deref()
    }

    /// What the card's network advises: `try_again_later`, `do_not_try_again`,
    /// `confirm_card_data`.
    #[must_use]
    pub fn advice_code(&self) -> Option<&str> {
        self.advice_code.as_deref()
    }

    /// The parameter it is about: `number`, `cvc`, …
    #[must_use]
    pub fn param(&self) -> Option<&str> {
        self.param.as_deref()
    }

    /// Stripe's words, which a customer may read.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The id under which Stripe logged the call: `req_…`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Id of the charge that failed.
    #[must_use]
    pub fn charge(&self) -> Option<&str> {
        self.charge.as_deref()
    }

    /// The `PaymentIntent`, which exists all the same and waits for another method.
    #[must_use]
    pub fn payment_intent(&self) -> Option<&PaymentIntent> {
        self.payment_intent.as_deref()
    }

    /// The `SetupIntent`, where a card was to be saved.
    #[must_use]
    pub fn setup_intent(&self) -> Option<&SetupIntent> {
        self.setup_intent.as_deref()
    }

    /// Tells whether the customer has to take part.
    #[must_use]
    pub fn authentication_required(&self) -> bool {
        self.advice() == Advice::Authenticate
    }

    /// What may be done about it.
    #[must_use]
    pub fn advice(&self) -> Advice {
        Advice::of(self.code(), self.decline_code(), self.advice_code())
    }

    /// Tells whether the card must not be tried again: a hard decline.
    #[must_use]
    pub fn is_hard_decline(&self) -> bool {
        self.advice() == Advice::Never
    }
}

/// `the card was refused: card_declined insufficient_funds [req_1]`
impl fmt::Display for CardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the card was refused")?;
        let mut colon = ": ";
        for code in [&self.code, &self.decline_code].into_iter().flatten() {
            write!(f, "{colon}{code}")?;
            colon = " ";
        }
        match &self.request_id {
            Some(id) => write!(f, " [{id}]"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for CardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardError")
            .field("status", &self.status)
            .field("code", &self.code)
            .field("decline_code", &self.decline_code)
            .field("advice_code", &self.advice_code)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

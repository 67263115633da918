use crate::{Icon, Text};

/// A section of the staff console.
///
/// # Examples
///
/// ```
/// use ui_kit::NavItem;
///
/// assert_eq!(NavItem::Network.href(), "/ops/network");
/// assert_eq!(NavItem::ALL.len(), 10);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NavItem {
    /// The day at a glance.
    Today,
    /// Technicians and their day.
    Dispatch,
    /// Customers.
    Customers,
    /// Conversations.
    Messages,
    /// Devices, OLTs, outages.
    Network,
    /// Flow templates and runs.
    Flows,
    /// Reports.
    Reports,
    /// Technicians.
    Team,
    /// Supplier invoices.
    Ocr,
    /// Settings.
    Settings,
}

impl NavItem {
    /// Every section, in the order of the menu.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(ui_kit::NavItem::ALL[0], ui_kit::NavItem::Today);
    /// ```
    pub const ALL: [Self; 10] = [
        Self::Today,
        Self::Dispatch,
        Self::Customers,
        Self::Messages,
        Self::Network,
        Self::Flows,
        Self::Reports,
        Self::Team,
        Self::Ocr,
        Self::Settings,
    ];

    /// Where it leads.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(ui_kit::NavItem::Today.href(), "/ops");
    /// ```
    #[must_use]
    pub fn href(self) -> &'static str {
        match self {
            Self::Today => "/ops",
            Self::Dispatch => "/ops/dispatch",
            Self::Customers => "/ops/clients",
            Self::Messages => "/ops/inbox",
            Self::Network => "/ops/network",
            Self::Flows => "/ops/flows",
            Self::Reports => "/ops/reports",
            Self::Team => "/ops/team",
            Self::Ocr => "/ops/ocr",
            Self::Settings => "/ops/settings",
        }
    }

    /// Its name.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(ui_kit::NavItem::Network.text(), ui_kit::Text::Network);
    /// ```
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Today => Text::Today,
            Self::Dispatch => Text::Dispatch,
            Self::Customers => Text::Customers,
            Self::Messages => Text::Messages,
            Self::Network => Text::Network,
            Self::Flows => Text::Flows,
            Self::Reports => Text::Reports,
            Self::Team => Text::Team,
            Self::Ocr => Text::Ocr,
            Self::Settings => Text::Settings,
        }
    }

    /// Its icon.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(ui_kit::NavItem::Network.icon(), ui_kit::Icon::Router);
    /// ```
    #[must_use]
    pub fn icon(self) -> Icon {
        match self {
            Self::Today => Icon::Today,
            Self::Dispatch => Icon::Dispatch,
            Self::Customers => Icon::Customers,
            Self::Messages => Icon::Messages,
            Self::Network => Icon::Router,
            Self::Flows => Icon::Flow,
            Self::Reports => Icon::Chart,
            Self::Team => Icon::Technician,
            Self::Ocr => Icon::Ocr,
            Self::Settings => Icon::Settings,
        }
    }

    /// The letter that goes there after `g`.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(ui_kit::NavItem::Network.key(), Some('r'));
    /// ```
    #[must_use]
    pub fn key(self) -> Option<char> {
        match self {
            Self::Today => Some('t'),
            Self::Dispatch => Some('d'),
            Self::Customers => Some('c'),
            Self::Messages => Some('m'),
            Self::Network => Some('r'),
            Self::Flows => Some('f'),
            Self::Reports => Some('p'),
            Self::Team => Some('e'),
            Self::Settings => Some('s'),
            Self::Ocr => None,
        }
    }

    /// Whether it is in the bar of five at the bottom of a phone.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(!ui_kit::NavItem::Settings.on_phone());
    /// ```
    #[must_use]
    pub fn on_phone(self) -> bool {
        matches!(
            self,
            Self::Today | Self::Dispatch | Self::Customers | Self::Messages | Self::Network
        )
    }
}

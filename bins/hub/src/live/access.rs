//! Who may hear of what.

use jiff::Timestamp;
use live_events::Topic;

use crate::platform::identity::Staff;

/// Whoever reads live events.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Viewer {
    /// A member of staff: hears of everything.
    Staff,
    /// A customer: hears of its own affairs.
    Customer {
        /// Name of the Customer.
        id: String,
        /// When the session ends, and the stream with it.
        expires_at: Timestamp,
    },
    /// A technician: hears of its own work, and of what its group may claim.
    Technician {
        /// Name of the Technician.
        id: String,
        /// The group.
        group: Option<String>,
        /// When the session ends, and the stream with it.
        expires_at: Timestamp,
    },
}

impl From<&Staff> for Viewer {
    fn from(_: &Staff) -> Self {
        Self::Staff
    }
}

impl Viewer {
    /// Whether the viewer may hear of a topic.
    ///
    /// # Examples
    ///
    /// ```
    /// use hub::live::Viewer;
    /// use live_events::Topic;
    ///
    /// let customer = Viewer::Customer { id: "CUST-1".to_owned(), expires_at: jiff::Timestamp::MAX };
    /// assert!(customer.may_read(&Topic::of("customer", "CUST-1")?));
    /// assert!(!customer.may_read(&Topic::of("customer", "CUST-2")?));
    /// assert!(Viewer::Staff.may_read(&Topic::new("dispatch")?));
    /// # Ok::<(), live_events::Error>(())
    /// ```
    #[must_use]
    pub fn may_read(&self, topic: &Topic) -> bool {
        let is =
            |kind: &str, subject: &str| Topic::of(kind, subject).is_ok_and(|own| own == *topic);
        match self {
            Self::Staff => true,
            Self::Customer { id, .. } => is("customer", id),
            Self::Technician { id, group, .. } => {
                let of_group = |group: &String| {
                    topic
                        .as_str()
                        .strip_prefix("dispatch:")
                        .and_then(|rest| Topic::new(rest).ok())
                        .is_some_and(|rest| Topic::of("group", group).is_ok_and(|own| own == rest))
                };
                is("tech", id) || group.as_ref().is_some_and(of_group)
            }
        }
    }

    /// When what the viewer was let in by ends.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::Staff => None,
            Self::Customer { expires_at, .. } | Self::Technician { expires_at, .. } => {
                Some(*expires_at)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use live_events::Topic;

    use super::Viewer;

    #[test]
    fn a_technician_hears_of_its_own_work_and_of_its_group() {
        let viewer = Viewer::Technician {
            id: "TECH-1".to_owned(),
            group: Some("Rive-Nord, est".to_owned()),
            expires_at: Timestamp::MAX,
        };
        let may = |topic: &str| viewer.may_read(&Topic::new(topic).expect("a topic"));
        assert!(may("tech:TECH-1"));
        assert!(may("dispatch:group:Rive-Nord%2C est"));
        assert!(!may("tech:TECH-2"));
        assert!(!may("dispatch:group:Rive-Sud"));
        assert!(!may("dispatch"));
        assert!(!may("customer:TECH-1"));
    }
}

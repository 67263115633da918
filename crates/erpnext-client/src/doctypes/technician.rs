//! Technician, a doctype of the field service.
//!
//! Source: [`bootstrap`](crate::bootstrap), which makes it on a site.

use crate::value::{Extra, SiteDateTime, SiteTime};
use crate::{DocName, Doctype, Modified};

/// Who goes to customers.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::Technician;
///
/// let technician: Technician = serde_json::from_str(
///     r#"{"name": "TECH-0001", "full_name": "Zoé Gagnon", "phone": "+14185550100", "is_active": 1,
///         "work_start": "8:30:00", "skills": [{"name": "s1", "skill": "fusion", "level": 2}]}"#,
/// )?;
/// assert_eq!(technician.work_start.unwrap().to_string(), "08:30:00");
/// assert_eq!(technician.skills[0].level, Some(2));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Technician")]
#[non_exhaustive]
pub struct Technician {
    /// Name: `TECH-0001`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// First and last name.
    pub full_name: String,
    /// Employee.
    pub employee: Option<DocName>,
    /// User of the site.
    pub user: Option<DocName>,
    /// Telephone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Takes jobs.
    pub is_active: bool,
    /// What the technician can do.
    pub skills: Vec<TechnicianSkill>,
    /// Where the day begins, degrees north.
    pub home_latitude: Option<f64>,
    /// Where the day begins, degrees east.
    pub home_longitude: Option<f64>,
    /// Device in Traccar.
    pub traccar_device_id: Option<i64>,
    /// Version of the calendar's link; one more makes older links useless.
    pub calendar_token_version: Option<i64>,
    /// Begin of the day.
    pub work_start: Option<SiteTime>,
    /// End of the day.
    pub work_end: Option<SiteTime>,
    /// Jobs a day at most; 0 or none is no limit.
    pub max_jobs_per_day: Option<i64>,
    /// Colour in the planning: `#2490EF`.
    pub color: Option<String>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// What a [`Technician`] can do.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::TechnicianSkill;
///
/// let skill = TechnicianSkill { skill: Some("aerial".to_owned()), ..Default::default() };
/// assert_eq!(serde_json::to_string(&skill)?, r#"{"skill":"aerial"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Technician Skill", child)]
pub struct TechnicianSkill {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// Skill: `fusion`. Needed.
    pub skill: Option<String>,
    /// How well; 1 if not sent.
    pub level: Option<i64>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

//! What a site lacks of a schema, and how it gets that.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::look::{difference, doctype, role};
use super::{NewCustomField, NewDoctype, NewField, Schema};
use crate::{Client, Error, Meta};

/// Questions asked at a time.
const AT_ONCE: usize = 4;

/// One thing to create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// A role.
    Role(&'static str),
    /// A doctype with all its fields.
    Doctype(&'static NewDoctype),
    /// A field, added to a doctype that is there.
    Field(NewCustomField),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(name) => write!(f, "role {name}"),
            Self::Doctype(doctype) => write!(f, "doctype {}", doctype.name),
            Self::Field(custom) => write!(f, "field {} of {}", custom.field.name, custom.doctype),
        }
    }
}

/// What the site has otherwise than the schema, and nobody but its owner can put right.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// A doctype of others is not there: an app is not installed.
    NoDoctype {
        /// The doctype that is not there.
        doctype: &'static str,
        /// The doctype that cannot be created, or completed, without it.
        needed_by: &'static str,
    },
    /// A field is of another type, or leads to another doctype.
    OtherType {
        /// The doctype.
        doctype: &'static str,
        /// The field as it should be.
        field: &'static str,
        /// `Link to Customer`.
        expected: String,
        /// The same of what is there.
        found: String,
    },
    /// A field that makes creating a document twice impossible is not unique.
    NotUnique {
        /// The doctype.
        doctype: &'static str,
        /// The field.
        field: &'static str,
    },
    /// A Select does not offer what programs write.
    NoChoice {
        /// The doctype.
        doctype: &'static str,
        /// The field.
        field: &'static str,
        /// The choices that are not there.
        missing: Vec<&'static str>,
    },
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDoctype { doctype, needed_by } => {
                write!(
                    f,
                    "{needed_by} needs the doctype {doctype}, which is not there"
                )
            }
            Self::OtherType {
                doctype,
                field,
                expected,
                found,
            } => write!(f, "{field} of {doctype} is {found}, not {expected}"),
            Self::NotUnique { doctype, field } => write!(f, "{field} of {doctype} is not unique"),
            Self::NoChoice {
                doctype,
                field,
                missing,
            } => write!(
                f,
                "{field} of {doctype} does not offer {}",
                missing.join(", ")
            ),
        }
    }
}

/// What a site lacks of a [`Schema`], in the order in which it can be created.
///
/// Making a plan changes nothing; applying one only ever adds.
#[derive(Clone, Debug)]
pub struct Plan {
    steps: Vec<Step>,
    obstacles: Vec<Obstacle>,
    present: Vec<&'static str>,
}

impl Schema {
    /// Compares a site with the schema.
    ///
    /// Any user who may log in can do this. Where the user may not read roles, they are taken to
    /// be there.
    ///
    /// # Errors
    /// As for any call; a refusal when the credentials are not those of a user.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Client;
    /// use erpnext_client::bootstrap::Schema;
    ///
    /// async fn make_ready(client: &Client) -> Result<(), erpnext_client::Error> {
    ///     let plan = Schema::field_service().plan(client).await?;
    ///     plan.apply(client, |step| println!("created {step}")).await?;
    ///     assert!(Schema::field_service().plan(client).await?.steps().is_empty());
    ///     Ok(())
    /// }
    /// ```
    pub async fn plan(&self, client: &Client) -> Result<Plan, Error> {
        // What was learnt before a change is no use after it.
        client.forget_meta();
        // Everyone who is logged in may know of this one: the answers to come are about the
        // doctypes, and not about who asks.
        if doctype(client, "User").await?.is_none() {
            return Err(Error::invalid("site", "has no doctype User"));
        }
        let names = self.names();
        let found: Vec<(&'static str, Option<Arc<Meta>>)> = stream::iter(names)
            .map(async |name| Ok::<_, Error>((name, doctype(client, name).await?)))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        let mut draft = Draft {
            there: found
                .iter()
                .filter(|(_, found)| found.is_some())
                .map(|(name, _)| *name)
                .collect(),
            found,
            plan: Plan {
                steps: Vec::new(),
                obstacles: Vec::new(),
                present: Vec::new(),
            },
        };
        for name in self.roles {
            if !role(client, name).await? {
                draft.plan.steps.push(Step::Role(name));
            }
        }
        for doctype in self.doctypes {
            draft.doctype(doctype);
        }
        for custom in self.custom_fields {
            draft.custom_field(custom);
        }
        Ok(draft.plan)
    }

    /// Every doctype that has to do with the schema, once.
    fn names(&self) -> Vec<&'static str> {
        let ours = self.doctypes.iter().flat_map(|doctype| {
            let targets = doctype.fields.iter().filter_map(NewField::target);
            [doctype.name].into_iter().chain(targets)
        });
        let others = self
            .custom_fields
            .iter()
            .flat_map(|custom| [custom.doctype].into_iter().chain(custom.field.target()));
        let mut seen = BTreeSet::new();
        ours.chain(others)
            .filter(|name| seen.insert(*name))
            .collect()
    }
}

impl Plan {
    /// What is to be created, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What stands in the way, and is not changed.
    #[must_use]
    pub fn obstacles(&self) -> &[Obstacle] {
        &self.obstacles
    }

    /// Doctypes of the schema that are there, if perhaps without a field.
    #[must_use]
    pub fn present(&self) -> &[&'static str] {
        &self.present
    }

    /// Whether the site has everything, as it should be.
    #[must_use]
    pub fn is_fulfilled(&self) -> bool {
        self.steps.is_empty() && self.obstacles.is_empty()
    }
}

/// A plan in the making.
struct Draft {
    found: Vec<(&'static str, Option<Arc<Meta>>)>,
    /// Doctypes that are there, or will be.
    there: BTreeSet<&'static str>,
    plan: Plan,
}

impl Draft {
    fn found(&self, name: &str) -> Option<&Meta> {
        let (_, found) = self.found.iter().find(|(found, _)| *found == name)?;
        found.as_deref()
    }

    fn doctype(&mut self, doctype: &'static NewDoctype) {
        if self.found(doctype.name).is_some() {
            self.plan.present.push(doctype.name);
            for field in doctype.fields {
                self.field(doctype.name, field);
            }
            return;
        }
        let absent: BTreeSet<&'static str> = doctype
            .fields
            .iter()
            .filter_map(NewField::target)
            .filter(|target| *target != doctype.name && !self.there.contains(target))
            .collect();
        if absent.is_empty() {
            self.there.insert(doctype.name);
            self.plan.steps.push(Step::Doctype(doctype));
        }
        self.absent(doctype.name, absent);
    }

    fn custom_field(&mut self, custom: &'static NewCustomField) {
        if self.there.contains(custom.doctype) {
            self.field(custom.doctype, &custom.field);
        } else {
            self.absent(custom.doctype, [custom.doctype]);
        }
    }

    /// A field of a doctype that is there, or will be.
    fn field(&mut self, doctype: &'static str, field: &'static NewField) {
        match self
            .found(doctype)
            .and_then(|found| found.field(field.name))
        {
            Some(found) => {
                let difference = difference(doctype, field, found);
                self.plan.obstacles.extend(difference);
            }
            None => match field.target().filter(|name| !self.there.contains(name)) {
                Some(target) => self.absent(doctype, [target]),
                None => self
                    .plan
                    .steps
                    .push(Step::Field(NewCustomField::new(doctype, *field))),
            },
        }
    }

    fn absent(
        &mut self,
        needed_by: &'static str,
        doctypes: impl IntoIterator<Item = &'static str>,
    ) {
        for doctype in doctypes {
            let obstacle = Obstacle::NoDoctype { doctype, needed_by };
            // Several fields may want the same.
            if !self.plan.obstacles.contains(&obstacle) {
                self.plan.obstacles.push(obstacle);
            }
        }
    }
}

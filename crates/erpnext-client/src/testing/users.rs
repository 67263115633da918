//! People, their keys and their sessions.

use std::collections::{HashMap, HashSet};

use super::coerce::text;
use super::permission::Right;
use super::schema::{Permission, Schema};
use super::site::Doc;

/// A user of a [`FakeSite`](super::FakeSite): how to be let in, and what is allowed then.
///
/// Administrator and users with the role System Manager may do everything; others what their
/// roles may by the permissions of the doctype, and what [`allow`](Self::allow) says.
///
/// # Examples
/// ```
/// use erpnext_client::testing::{FakeUser, Right};
///
/// let technician = FakeUser::new("zoe@example.ca")
///     .full_name("Zoé Gagnon")
///     .token("zoe-key", "zoe-secret")
///     .password("pass-word")
///     .allow("ToDo", [Right::Read, Right::Write]);
/// # let _ = technician;
/// ```
#[derive(Clone)]
#[must_use]
pub struct FakeUser {
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) roles: HashSet<String>,
    pub(super) key: Option<(String, String)>,
    pub(super) bearer: Option<String>,
    pub(super) password: Option<String>,
    pub(super) rights: HashMap<String, HashSet<Right>>,
    pub(super) only: HashMap<String, HashSet<String>>,
    pub(super) website: bool,
}

impl std::fmt::Debug for FakeUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeUser")
            .field("name", &self.name)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

impl FakeUser {
    /// A user who may log in nowhere and do nothing yet; the name is an e-mail address.
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            full_name: name.clone(),
            name,
            roles: HashSet::new(),
            key: None,
            bearer: None,
            password: None,
            rights: HashMap::new(),
            only: HashMap::new(),
            website: false,
        }
    }

    /// Name as a person reads it.
    ///
    /// # Examples
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use erpnext_client::testing::{FakeSite, FakeUser};
    ///
    /// let user = FakeUser::new("marie@example.ca").full_name("Marie Tremblay");
    /// let fake = FakeSite::builder().user(user).start().await?;
    /// assert!(fake.url().starts_with("http://"));
    /// # Ok::<(), std::io::Error>(()) }).unwrap();
    /// ```
    pub fn full_name(mut self, full_name: impl Into<String>) -> Self {
        self.full_name = full_name.into();
        self
    }

    /// API key and secret.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Credentials, testing::FakeUser};
    ///
    /// let user = FakeUser::new("marie@example.ca").token("key", "secret");
    /// let credentials = Credentials::token("key", "secret");
    /// # let _ = (user, credentials);
    /// ```
    pub fn token(mut self, key: impl Into<String>, secret: impl Into<String>) -> Self {
        self.key = Some((key.into(), secret.into()));
        self
    }

    /// OAuth 2 access token.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::testing::FakeUser;
    ///
    /// let user = FakeUser::new("marie@example.ca").bearer("opaque");
    /// # let _ = user;
    /// ```
    pub fn bearer(mut self, token: impl Into<String>) -> Self {
        self.bearer = Some(token.into());
        self
    }

    /// Password of the login page.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Credentials, testing::FakeUser};
    ///
    /// let user = FakeUser::new("marie@example.ca").password("sesame");
    /// let credentials = Credentials::session("marie@example.ca", "sesame");
    /// # let _ = (user, credentials);
    /// ```
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Gives a role: `System Manager`, or one that a doctype's permissions name.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::testing::FakeUser;
    ///
    /// let seller = FakeUser::new("marie@example.ca").role("Sales User").token("key", "secret");
    /// # let _ = seller;
    /// ```
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.roles.insert(role.into());
        self
    }

    /// Allows something on a doctype, whatever the roles say.
    pub fn allow(
        mut self,
        doctype: impl Into<String>,
        rights: impl IntoIterator<Item = Right>,
    ) -> Self {
        self.rights
            .entry(doctype.into())
            .or_default()
            .extend(rights);
        self
    }

    /// A User Permission: of this doctype only these documents, and of others only those that
    /// link to one of them, or to none.
    pub fn only(
        mut self,
        doctype: impl Into<String>,
        names: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let names = names.into_iter().map(Into::into);
        self.only.entry(doctype.into()).or_default().extend(names);
        self
    }

    /// A Website User, of the portal: is shown no traceback on version 16, no desk.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::testing::FakeUser;
    ///
    /// let visitor = FakeUser::new("marie@example.ca").password("sesame").website();
    /// # let _ = visitor;
    /// ```
    pub fn website(mut self) -> Self {
        self.website = true;
        self
    }
}

/// A session of the login page.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) user: String,
    /// There once the desk page was opened.
    pub(super) csrf: Option<String>,
}

/// Everybody, and who is logged in.
#[derive(Debug, Default)]
pub(super) struct Users {
    all: HashMap<String, FakeUser>,
    pub(super) sessions: HashMap<String, Session>,
}

impl Users {
    pub(super) fn add(&mut self, user: FakeUser) {
        self.all.insert(user.name.clone(), user);
    }

    pub(super) fn get(&self, name: &str) -> Option<&FakeUser> {
        self.all.get(name)
    }

    pub(super) fn by_key(&self, key: &str, secret: &str) -> Option<&str> {
        let matches = |user: &&FakeUser| {
            let known = user.key.as_ref();
            known.is_some_and(|(k, s)| k == key && s == secret)
        };
        self.all
            .values()
            .find(matches)
            .map(|user| user.name.as_str())
    }

    pub(super) fn by_bearer(&self, token: &str) -> Option<&str> {
        let mut users = self.all.values();
        let user = users.find(|user| user.bearer.as_deref() == Some(token))?;
        Some(&user.name)
    }

    pub(super) fn by_password(&self, name: &str, password: &str) -> Option<&FakeUser> {
        let mut users = self.all.values();
        users.find(|user| {
            user.name.eq_ignore_ascii_case(name) && user.password.as_deref() == Some(password)
        })
    }

    pub(super) fn is_manager(&self, name: &str) -> bool {
        name == "Administrator"
            || self
                .get(name)
                .is_some_and(|user| user.roles.contains("System Manager"))
    }

    /// Whether tracebacks are for this user's eyes on version 16.
    pub(super) fn is_system_user(&self, name: &str) -> bool {
        name == "Administrator" || self.get(name).is_some_and(|user| !user.website)
    }

    pub(super) fn may(&self, name: &str, schema: &Schema, right: Right, doc: Option<&Doc>) -> bool {
        if self.is_manager(name) {
            return true;
        }
        let guest = FakeUser::new("Guest");
        let user = self.get(name).unwrap_or(&guest);
        let owned = doc.is_some_and(|doc| text(doc, "owner") == user.name)
            || doc.is_none() && right == Right::Create;
        let allowed = user
            .rights
            .get(&schema.name)
            .is_some_and(|rights| rights.contains(&right));
        let by_role = |permission: &Permission| {
            (permission.role == "All" && user.name != "Guest"
                || permission.role == "Guest"
                || user.roles.contains(&permission.role))
                && grants(permission, right)
                && (!permission.if_owner || owned)
        };
        (allowed || schema.permissions.iter().any(by_role))
            && doc.is_none_or(|doc| self.sees(user, schema, doc))
    }

    /// Whether documents of one's own are open to the user where others are not.
    pub(super) fn may_own(&self, name: &str, schema: &Schema) -> bool {
        let Some(user) = self.get(name) else {
            return false;
        };
        schema.permissions.iter().any(|permission| {
            permission.if_owner
                && permission.read
                && (permission.role == "All" || user.roles.contains(&permission.role))
        })
    }

    /// Whether the User Permissions let this document through.
    fn sees(&self, user: &FakeUser, schema: &Schema, doc: &Doc) -> bool {
        user.only.iter().all(|(doctype, names)| {
            if schema.name == *doctype {
                return names.contains(&text(doc, "name"));
            }
            let links = schema
                .fields
                .iter()
                .filter(|field| field.fieldtype == "Link" && field.options == *doctype);
            links
                .map(|field| text(doc, &field.fieldname))
                .all(|value| value.is_empty() || names.contains(&value))
        })
    }

    /// The User Permissions as a list knows them: field, names.
    pub(super) fn limits(&self, name: &str, schema: &Schema) -> Vec<(String, Vec<String>)> {
        let Some(user) = self.get(name).filter(|_| !self.is_manager(name)) else {
            return Vec::new();
        };
        let mut limits = Vec::new();
        for (doctype, names) in &user.only {
            let mut names: Vec<String> = names.iter().cloned().collect();
            if schema.name == *doctype {
                limits.push(("name".to_owned(), names.clone()));
            }
            // A blank link lets the document through.
            names.push(String::new());
            let links = schema
                .fields
                .iter()
                .filter(|field| field.fieldtype == "Link" && field.options == *doctype);
            limits.extend(links.map(|field| (field.fieldname.clone(), names.clone())));
        }
        limits
    }
}

fn grants(permission: &Permission, right: Right) -> bool {
    match right {
        Right::Read => permission.read,
        Right::Write => permission.write,
        Right::Create => permission.create,
        Right::Delete => permission.delete,
        Right::Submit => permission.submit,
        Right::Cancel => permission.cancel,
    }
}

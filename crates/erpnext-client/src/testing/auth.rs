//! Who is it?

use super::coerce::text;
use super::envelope::Reply;
use super::failure::Failure;
use super::respond::Call;
use super::site::{Cx, Doc, Site};
use super::users::Session;
use crate::Dialect;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// As whom a request is carried out.
pub(super) struct Entry {
    pub(super) user: String,
    /// It came with a session that is over.
    pub(super) expired: bool,
}

impl Site {
    /// The user of a request; a wrong credential is refused, none is Guest.
    pub(super) fn let_in(&self, call: &Call<'_>) -> Result<Entry, Failure> {
        let sid = call.cookie("sid").filter(|sid| *sid != "Guest");
        let session = sid.and_then(|sid| self.users.sessions.get(sid));
        let mut entry = Entry {
            user: session.map_or("Guest", |session| &session.user).to_owned(),
            expired: sid.is_some() && session.is_none(),
        };
        if let Some(token) = session.and_then(|session| session.csrf.as_deref())
            && !call.is_safe()
            && call.header("x-frappe-csrf-token") != token
        {
            return Err(Failure::thrown(400, "CSRFTokenError", "Invalid Request"));
        }
        let header = call.header("authorization");
        if let Some((scheme, credential)) = header.split_once(' ') {
            let user = self.by_credential(scheme, credential.trim());
            let wrong = || Failure::bare(401, "AuthenticationError");
            entry.user = user.ok_or_else(wrong)?.to_owned();
            entry.expired = false;
        }
        Ok(entry)
    }

    fn by_credential(&self, scheme: &str, credential: &str) -> Option<&str> {
        let pair = |text: &str| {
            let (key, secret) = text.split_once(':')?;
            self.users.by_key(key, secret)
        };
        match scheme.to_ascii_lowercase().as_str() {
            "token" => pair(credential),
            "basic" => pair(&String::from_utf8(BASE64.decode(credential).ok()?).ok()?),
            "bearer" => self.users.by_bearer(credential),
            _ => None,
        }
    }

    pub(super) fn login(&mut self, args: &Doc) -> Result<Reply, Failure> {
        let refuse = |said: &'static str| {
            let mut failure = Failure::bare(401, "AuthenticationError");
            failure.said = Some(said);
            failure
        };
        let (user, password) = (text(args, "usr"), text(args, "pwd"));
        if user.is_empty() || password.is_empty() {
            return Err(refuse("Incomplete login details"));
        }
        let user = self.users.by_password(&user, &password).cloned();
        let user = user.ok_or_else(|| refuse("Invalid login credentials"))?;
        let sid = self.token(56);
        let session = Session {
            user: user.name.clone(),
            csrf: None,
        };
        self.users.sessions.insert(sid.clone(), session);
        let (said, home) = if user.website {
            ("No App", "/me")
        } else {
            let desk = match self.dialect {
                Dialect::V15 => "/app",
                Dialect::V16 => "/desk",
            };
            ("Logged In", desk)
        };
        let mut reply = Reply::message(said)
            .with("home_page", home)
            .with("full_name", user.full_name.as_str());
        reply.cookies = cookies(&sid, &user.name, &user.full_name);
        Ok(reply)
    }

    /// Version 16 lets nobody out by a link.
    pub(super) fn logout(&mut self, call: &Call<'_>) -> Result<Reply, Failure> {
        if self.dialect == Dialect::V16 && call.method != "POST" {
            return Err(not_permitted());
        }
        if let Some(sid) = call.cookie("sid") {
            self.users.sessions.remove(sid);
        }
        let mut reply = Reply::message("No App")
            .with("home_page", "/login")
            .with("full_name", "Guest");
        reply.cookies = cookies("Guest", "Guest", "Guest");
        Ok(reply)
    }

    /// The desk page, which gives the session its CSRF token.
    pub(super) fn desk(&mut self, call: &Call<'_>, cx: &Cx) -> Result<Reply, Failure> {
        if cx.user == "Guest" {
            return Err(Failure::page(403, "Not permitted"));
        }
        let fresh = self.token(56);
        let session = call
            .cookie("sid")
            .and_then(|sid| self.users.sessions.get_mut(sid));
        let token = session.map(|session| session.csrf.get_or_insert(fresh).clone());
        let token = token.unwrap_or_else(|| "None".to_owned());
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<body>\n<script>frappe.csrf_token = \"{token}\";</script>\n</body>\n</html>\n"
        );
        Ok(Reply::raw("text/html; charset=utf-8", page.into_bytes()))
    }
}

/// The wrong verb, or not for everybody.
pub(super) fn not_permitted() -> Failure {
    Failure::thrown(403, "PermissionError", "Not permitted")
}

fn cookies(sid: &str, user: &str, full_name: &str) -> Vec<String> {
    let system = if matches!(user, "Guest") { "no" } else { "yes" };
    let encode =
        |text: &str| percent_encoding::utf8_percent_encode(text, super::route::SEGMENT).to_string();
    vec![
        format!("sid={sid}; Max-Age=612000; HttpOnly; Path=/; SameSite=Lax"),
        format!("system_user={system}; Path=/; SameSite=Lax"),
        format!("full_name={}; Path=/; SameSite=Lax", encode(full_name)),
        format!("user_id={}; Path=/; SameSite=Lax", encode(user)),
        "user_image=; Path=/; SameSite=Lax".to_owned(),
    ]
}

/// What calls without a session get: the session of a guest, even with a token.
pub(super) fn guest_cookies(user: &str, call: &Call<'_>) -> Vec<String> {
    let by_session = user != "Guest" && call.header("authorization").is_empty();
    if by_session || !call.path.starts_with("/api/") {
        return Vec::new();
    }
    cookies("Guest", "Guest", "Guest")
}

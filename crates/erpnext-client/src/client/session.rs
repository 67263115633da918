//! The session of a user with a password.

use std::fmt;
use std::sync::Arc;

use http::{Method, header};
use integration_core::{ApiPath, Response, Secret};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::Client;
use super::send::Repeat;
use crate::Error;

/// Logs in when it is first needed, and again when the session has ended; calls that meet the end
/// at the same time wait for one login.
pub(super) struct Session {
    user: String,
    password: Secret,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    login: Option<Arc<Login>>,
    /// Frappe locks a user out after a few wrong passwords: one is enough.
    refused: bool,
}

/// A session on the site.
pub(super) struct Login {
    sid: Secret,
}

impl Login {
    pub(super) fn sid(&self) -> &Secret {
        &self.sid
    }
}

impl Session {
    pub(super) fn new(user: String, password: Secret) -> Self {
        Self {
            user,
            password,
            state: Mutex::default(),
        }
    }

    /// The session, begun where there is none.
    pub(super) async fn login(&self, client: &Client) -> Result<Arc<Login>, Error> {
        let mut state = self.state.lock().await;
        match &state.login {
            Some(login) => Ok(login.clone()),
            None => self.begin(client, &mut state).await,
        }
    }

    /// Another session than this one, which has ended.
    pub(super) async fn renew(
        &self,
        client: &Client,
        ended: &Arc<Login>,
    ) -> Result<Arc<Login>, Error> {
        let mut state = self.state.lock().await;
        match &state.login {
            Some(login) if !Arc::ptr_eq(login, ended) => Ok(login.clone()),
            _ => self.begin(client, &mut state).await,
        }
    }

    async fn begin(&self, client: &Client, state: &mut State) -> Result<Arc<Login>, Error> {
        if state.refused {
            return Err(Error::invalid(
                "login",
                "was refused by the site before; a client with the right password is needed",
            ));
        }
        state.login = None;
        let outcome = client
            .attempts("login", Repeat::Safe, None, &|http| {
                http.request(Method::POST, ApiPath::new("api/method/login"))
                    .form(&[("usr", &self.user), ("pwd", self.password.expose())])
            })
            .await;
        let response = outcome.inspect_err(|error| {
            state.refused = error.status() == Some(401);
        })?;
        let login = Arc::new(Login {
            sid: session_of(&response)?,
        });
        state.login = Some(login.clone());
        Ok(login)
    }

    /// Ends the session, where there is one.
    pub(super) async fn end(&self, client: &Client) -> Result<(), Error> {
        let Some(login) = self.state.lock().await.login.take() else {
            return Ok(());
        };
        let path = ApiPath::new("api/method/logout");
        client
            .attempts("logout", Repeat::Safe, Some(login.sid()), &|http| {
                http.request(Method::POST, path.clone())
            })
            .await
            .map(drop)
    }
}

/// The id of the session, from the cookies of a login.
fn session_of(response: &Response) -> Result<Secret, Error> {
    #[derive(Deserialize)]
    struct Factor {
        verification: Option<serde::de::IgnoredAny>,
    }
    let factor: Option<Factor> = serde_json::from_slice(response.body()).ok();
    if factor.is_some_and(|factor| factor.verification.is_some()) {
        return Err(Error::invalid(
            "login",
            "asks for a second factor; use a token instead of a password",
        ));
    }
    let cookies = response.headers().get_all(header::SET_COOKIE);
    let mut sids = cookies.iter().filter_map(|cookie| {
        let (name, rest) = cookie.to_str().ok()?.split_once('=')?;
        let value = rest.split(';').next()?.trim().trim_matches('"');
        (name.trim() == "sid" && !value.is_empty() && value != "Guest").then_some(value)
    });
    sids.next_back().map(Secret::from).ok_or(Error::Decode {
        what: "login",
        source: None,
    })
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Client {
    /// Ends the session of [`Credentials::Session`](crate::Credentials::Session); without one,
    /// nothing is to be done. The next call logs in again.
    ///
    /// # Errors
    /// See [`Error`]. The client has forgotten the session either way.
    pub async fn logout(&self) -> Result<(), Error> {
        match &self.inner.session {
            Some(session) => session.end(self).await,
            None => Ok(()),
        }
    }
}

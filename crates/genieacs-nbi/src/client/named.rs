//! Collections of named things that are put and deleted whole.

use http::Method;
use integration_core::RequestBuilder;

use super::{Client, List, accepted, named_path};
use crate::error::Error;
use crate::preset::Preset;
use crate::query::{Collection, Query};
use crate::resource::{ConfigEntry, Object, Script, checked_name};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident, $collection:ident, $item:ty, $path:literal, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            client: Client,
        }

        impl $name {
            pub(super) fn new(client: Client) -> Self {
                Self { client }
            }

            #[doc = concat!("Lists them: `GET /", $path, "`.")]
            pub fn list(&self) -> List<$item> {
                List::new(self.client.clone(), Collection::$collection)
            }

            /// The one of this name.
            ///
            /// # Errors
            /// See [`Error`].
            pub async fn get(&self, name: &str) -> Result<Option<$item>, Error> {
                let name = checked_name($what, name)?;
                self.list().query(Query::raw(serde_json::json!({"_id": name}))).one().await
            }
        }
    };
}

macro_rules! deletable {
    ($name:ident, $path:literal, $what:literal) => {
        impl $name {
            #[doc = concat!("Deletes it: `DELETE /", $path, "/{name}`. Also succeeds when there is none.")]
            ///
            /// # Errors
            /// See [`Error`].
            pub async fn delete(&self, name: &str) -> Result<(), Error> {
                let request = self.request(Method::DELETE, name)?;
                accepted(request.send().await?, $what).map(drop)
            }

            fn request(&self, method: Method, name: &str) -> Result<RequestBuilder, Error> {
                let name = checked_name($what, name)?;
                Ok(self.client.request(method, named_path($path, name)?))
            }
        }
    };
}

macro_rules! script {
    ($name:ident, $what:literal) => {
        impl $name {
            /// Stores a script under a name, replacing what was there. The server compiles it first.
            ///
            /// # Errors
            /// [`Error::Invalid`] for an empty script; [`Error::Api`] with 400 and code
            /// `SyntaxError` when it does not compile, the engine's words in the body. See [`Error`].
            pub async fn put(&self, name: &str, script: &str) -> Result<(), Error> {
                if script.trim().is_empty() {
                    return Err(Error::invalid("script", "is empty"));
                }
                let request = self.request(Method::PUT, name)?.body(script.to_owned());
                accepted(request.send().await?, $what).map(drop)
            }
        }
    };
}

named! {
    /// The presets of a server.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// use genieacs_nbi::{Client, Configuration, Credentials, Preset, testing::FakeNbi};
    ///
    /// let fake = FakeNbi::start().await?;
    /// let presets = Client::new(fake.url(), Credentials::None)?.presets();
    /// presets.put("inform", &Preset::new().with(Configuration::provision("inform", ["60"]))).await?;
    /// assert!(presets.get("inform").await?.is_some());
    /// // Would stop the provisioning of the whole fleet: refused.
    /// let bad = Preset::new().precondition("Tags.x IS");
    /// assert!(presets.put("bad", &bad).await.is_err());
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    Presets, Presets, Preset, "presets", "preset name"
}
deletable!(Presets, "presets", "preset name");

impl Presets {
    /// Stores a preset under a name, replacing what was there, after
    /// [`Preset::validate`](crate::Preset::validate).
    ///
    /// # Errors
    /// [`Error::Invalid`] before anything is sent. See [`Error`].
    pub async fn put(&self, name: &str, preset: &Preset) -> Result<(), Error> {
        preset.validate()?;
        let request = self.request(Method::PUT, name)?.json(preset);
        accepted(request.send().await?, "preset name").map(drop)
    }
}

named! {
    /// The provision scripts of a server.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// # use genieacs_nbi::{Client, Credentials, testing::FakeNbi};
    /// # let fake = FakeNbi::start().await?;
    /// let provisions = Client::new(fake.url(), Credentials::None)?.provisions();
    /// provisions.put("inform", "declare('Device.X', null, {value: args[0]});").await?;
    /// assert!(provisions.get("inform").await?.is_some());
    /// # Ok(()) }
    /// # #[cfg(feature = "testing")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
    /// ```
    Provisions, Provisions, Script, "provisions", "provision name"
}
deletable!(Provisions, "provisions", "provision name");
script!(Provisions, "provision name");

named! {
    /// The virtual parameter scripts of a server.
    VirtualParameters, VirtualParameters, Script, "virtual_parameters", "virtual parameter name"
}
deletable!(
    VirtualParameters,
    "virtual_parameters",
    "virtual parameter name"
);
script!(VirtualParameters, "virtual parameter name");

named! {
    /// The objects of a server.
    Objects, Objects, Object, "objects", "object name"
}
deletable!(Objects, "objects", "object name");

impl Objects {
    /// Stores an object under a name, replacing what was there, after
    /// [`Object::validate`](crate::Object::validate).
    ///
    /// # Errors
    /// [`Error::Invalid`] before anything is sent. See [`Error`].
    pub async fn put(&self, name: &str, object: &Object) -> Result<(), Error> {
        object.validate()?;
        let request = self.request(Method::PUT, name)?.json(object);
        accepted(request.send().await?, "object name").map(drop)
    }
}

named! {
    /// The settings of a server. The interface lists them and cannot change them.
    Settings, Config, ConfigEntry, "config", "setting name"
}

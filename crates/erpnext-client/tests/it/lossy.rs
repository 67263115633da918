//! A way to the site on which answers get lost.

use std::sync::{Arc, Mutex};

use http::Method;
use integration_core::transport::{
    ReqwestOptions, ReqwestTransport, Transport, TransportError, TransportErrorKind,
};
use integration_core::{ByteStream, RequestBody};

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// It is carried out; the answer is not seen.
    Answer,
    /// It never gets there, but nobody can tell.
    Request,
}

/// Carries requests to the site, and loses some as it is told; clones share the rules.
#[derive(Clone, Debug)]
pub(crate) struct Lossy {
    network: Arc<ReqwestTransport>,
    rules: Arc<Mutex<Vec<(Method, String, Loss)>>>,
    seen: Arc<Mutex<Vec<(Method, String)>>>,
}

impl Lossy {
    pub(crate) fn new() -> Self {
        Self {
            network: Arc::new(ReqwestTransport::new(&ReqwestOptions::default()).unwrap()),
            rules: Arc::default(),
            seen: Arc::default(),
        }
    }

    /// The next request of this method whose path holds this text.
    pub(crate) fn lose(&self, method: Method, path: &str, loss: Loss) {
        let rule = (method, path.to_owned(), loss);
        self.rules.lock().unwrap().push(rule);
    }

    /// How many requests of this method were made to paths that hold this text.
    pub(crate) fn seen(&self, method: &Method, path: &str) -> usize {
        let seen = self.seen.lock().unwrap();
        let fits = |(m, p): &&(Method, String)| m == method && p.contains(path);
        seen.iter().filter(fits).count()
    }

    fn meet(&self, method: &Method, path: &str) -> Option<Loss> {
        self.seen
            .lock()
            .unwrap()
            .push((method.clone(), path.to_owned()));
        let mut rules = self.rules.lock().unwrap();
        let at = rules
            .iter()
            .position(|(m, p, _)| m == method && path.contains(p.as_str()))?;
        Some(rules.remove(at).2)
    }
}

#[async_trait::async_trait]
impl Transport for Lossy {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ByteStream>, TransportError> {
        match self.meet(request.method(), request.uri().path()) {
            None => self.network.send(request).await,
            Some(Loss::Request) => Err(TransportError::new(TransportErrorKind::Timeout)),
            Some(Loss::Answer) => {
                self.network.send(request).await?;
                Err(TransportError::new(TransportErrorKind::Aborted))
            }
        }
    }
}

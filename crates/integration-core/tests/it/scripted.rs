//! A transport that answers from a script and remembers when it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use integration_core::transport::{Transport, TransportError, TransportErrorKind};
use integration_core::{ByteStream, HttpClient, HttpClientBuilder, RequestBody};
use tokio::time::Instant;

/// One step of the script.
#[derive(Debug)]
pub(crate) enum Step {
    Answer(u16, &'static [(&'static str, &'static str)], &'static str),
    Fail(TransportErrorKind),
    Never,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Scripted(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    script: VecDeque<Step>,
    seen: Vec<(Instant, http::Request<Vec<u8>>)>,
}

impl Scripted {
    pub(crate) fn new(script: impl IntoIterator<Item = Step>) -> Self {
        let scripted = Self::default();
        scripted.0.lock().unwrap().script.extend(script);
        scripted
    }

    pub(crate) fn client(&self) -> HttpClientBuilder {
        HttpClient::builder("http://remote.example.ca").transport(self.clone())
    }

    pub(crate) fn calls(&self) -> usize {
        self.0.lock().unwrap().seen.len()
    }

    /// Waits between the calls.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        let state = self.0.lock().unwrap();
        state
            .seen
            .windows(2)
            .map(|pair| pair[1].0 - pair[0].0)
            .collect()
    }

    pub(crate) fn requests(&self) -> Vec<http::Request<Vec<u8>>> {
        self.0
            .lock()
            .unwrap()
            .seen
            .iter()
            .map(|(_, request)| request.clone())
            .collect()
    }
}

#[async_trait]
impl Transport for Scripted {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ByteStream>, TransportError> {
        let step = {
            let mut state = self.0.lock().unwrap();
            let request = request.map(|body| match body {
                RequestBody::Bytes(bytes) => bytes.to_vec(),
                _ => Vec::new(),
            });
            state.seen.push((Instant::now(), request));
            state.script.pop_front().expect("a call beyond the script")
        };
        match step {
            Step::Answer(status, headers, body) => {
                let mut answer = http::Response::builder().status(status);
                for (name, value) in headers {
                    answer = answer.header(*name, *value);
                }
                let body = Ok(Bytes::from_static(body.as_bytes()));
                let stream: ByteStream = Box::pin(futures_util::stream::iter([body]));
                Ok(answer.body(stream).unwrap())
            }
            Step::Fail(kind) => Err(TransportError::new(kind)),
            Step::Never => std::future::pending().await,
        }
    }
}

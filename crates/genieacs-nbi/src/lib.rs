#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "client")]
mod client;
mod device;
mod error;
mod fault;
mod id;
mod lenient;
mod path;
mod preset;
mod query;
mod resource;
mod tag;
mod task;
#[cfg(feature = "testing")]
pub mod testing;
mod value;

#[cfg(feature = "client")]
pub use client::{
    Bulk, BulkItem, BulkOutcome, Client, ClientBuilder, CreateTask, Devices, Faults, Files, List,
    Listing, Mismatch, Objects, Ping, Presets, Provisions, SetOutcome, Settings, TaskOutcome,
    TaskState, Tasks, VirtualParameters, Watch,
};
pub use device::{Change, ChangeKind, Device, Node, Parameter, Parameters, diff};
pub use error::Error;
pub use fault::{Fault, FaultCode};
pub use id::{DeviceId, DeviceIdParts, FaultId, TaskId, encode_segment};
#[cfg(feature = "client")]
pub use integration_core::{ApiError, Credentials, RetryPolicy, Secret, transport::Transport};
pub use path::ParameterPath;
pub use preset::{Configuration, Preset, check_expression, check_precondition};
pub use query::{Collection, Projection, Query, Sort};
pub use resource::{ConfigEntry, FileLabels, FileMeta, Object, Script};
pub use tag::{decode_tag, encode_tag};
pub use task::{
    DownloadSource, Expiry, ParameterSetting, ProvisionCall, StoredTask, Task, TaskOptions,
};
pub use value::Scalar;

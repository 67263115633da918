//! Asking something of a device: tasks, and the tags, faults and presets around them.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Path, Query as Parameters, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get, post, put};
use genieacs_nbi::{
    Fault, FaultId, ParameterSetting, Preset, Query, Scalar, StoredTask, Task, TaskId, TaskOutcome,
};
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Number, Value, json};

use super::act::post_task;
use super::service::device_id;
use crate::Hub;
use crate::platform::api::{Api, Operation};
use crate::platform::csrf::Acting;
use crate::platform::error::{HubError, HubResult};
use crate::platform::identity::Staff;

/// Most rows of a list.
const ROWS: u32 = 500;

/// Routes of this room.
pub(super) fn api() -> Api {
    let id = "Id of the device, percent-encoded once more";
    let task = json!({"name": "refreshObject", "objectName": "Device.Optical"});
    let outcome = json!({"outcome": "done", "task": {"id": "6560a2f1c9d1e80012345678", "name": "refreshObject"}});
    Api::new()
        .route(
            "/acs/devices/{id}/tasks",
            get(tasks).post(create),
            [
                Operation::new(Method::GET, "Lists the tasks that wait for a device")
                    .path("id", id)
                    .answers(200, "Tasks", Some(json!({"tasks": []}))),
                Operation::new(Method::POST, "Posts a task: reboot, factoryReset, refreshObject, getParameterValues, setParameterValues, addObject, deleteObject, download")
                    .path("id", id)
                    .query("connection_request", "1: ask the device to call at once, and wait for it")
                    .query("timeout", "How long to wait for its session, in milliseconds, at most 30000")
                    .body(task)
                    .answers(200, "Done", Some(outcome.clone()))
                    .answers(202, "Not done yet: queued, offline, transferring or faulted, as `outcome` says", Some(outcome))
                    .answers(409, "The device is in a session", None)
                    .answers(422, "Not a task as described, or a number that would not arrive as it was written", None)
                    .answers(502, "The answer was lost: list the tasks of the device before posting again", None)
                    .answers(504, "No answer in time: list the tasks of the device before posting again", None),
            ],
        )
        .route(
            "/acs/tasks/{id}",
            delete(delete_task),
            [Operation::new(Method::DELETE, "Takes a task back").path("id", "Id of the task")
                .answers(204, "Taken back", None)],
        )
        .route(
            "/acs/tasks/{id}/retry",
            post(retry_task),
            [Operation::new(Method::POST, "Has a faulted task tried again at the next session")
                .path("id", "Id of the task")
                .answers(204, "It will be", None)],
        )
        .route(
            "/acs/devices/{id}/tags/{tag}",
            put(add_tag).post(add_tag).delete(remove_tag),
            [
                Operation::new(Method::PUT, "Puts a tag on a device").path("id", id).path("tag", "The tag")
                    .answers(204, "It is there", None),
                Operation::new(Method::POST, "The same as PUT").path("id", id).path("tag", "The tag")
                    .answers(204, "It is there", None),
                Operation::new(Method::DELETE, "Takes a tag off").path("id", id).path("tag", "The tag")
                    .answers(204, "It is gone", None),
            ],
        )
        .route(
            "/acs/faults",
            get(faults),
            [Operation::new(Method::GET, "Lists faults").query("device", "Of this device only")
                .answers(200, "Faults", Some(json!({"faults": []})))],
        )
        .route(
            "/acs/faults/{id}",
            delete(delete_fault),
            [Operation::new(Method::DELETE, "Clears a fault, with its task").path("id", "Id of the fault")
                .answers(204, "Cleared", None)],
        )
        .route(
            "/acs/presets",
            get(presets),
            [Operation::new(Method::GET, "Lists presets").answers(200, "Presets", Some(json!({"presets": []})))],
        )
        .route(
            "/acs/presets/{name}",
            put(put_preset).delete(delete_preset),
            [
                Operation::new(Method::PUT, "Writes a preset, after checking it: a bad one stops the whole fleet")
                    .path("name", "Name of the preset")
                    .body(json!({"weight": 0, "channel": "default", "events": {"1 BOOT": true},
                        "configurations": [{"type": "provision", "name": "refresh", "args": ["Device.WiFi"]}]}))
                    .answers(204, "Written", None),
                Operation::new(Method::DELETE, "Deletes a preset").path("name", "Name of the preset")
                    .answers(204, "Gone", None),
            ],
        )
}

/// A task as a caller writes it, in the words of the device server. Nothing is ignored: a
/// misspelt field, or one that is not offered here, would silently make another task.
///
/// The tasks without arguments are empty structs, since serde checks no fields of a unit.
#[derive(Debug, Deserialize)]
#[serde(
    tag = "name",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
enum TaskBody {
    Reboot {},
    FactoryReset {},
    RefreshObject {
        object_name: String,
    },
    GetParameterValues {
        parameter_names: Vec<String>,
    },
    SetParameterValues {
        parameter_values: Vec<SettingBody>,
    },
    AddObject {
        object_name: String,
    },
    DeleteObject {
        object_name: String,
    },
    Download {
        file_type: String,
        file_name: String,
    },
}

/// `[name, value]` or `[name, value, type]`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum SettingBody {
    Typed(String, ValueBody, String),
    Plain(String, ValueBody),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ValueBody {
    Bool(bool),
    Number(Number),
    Text(String),
}

/// Largest number that is surely written to a device as it was given: the device server holds
/// numbers as 64-bit floats, which round whole numbers beyond. Larger ones are given as text.
const LARGEST: u64 = (1 << 53) - 1;

/// A number as the device server will hold it; none for one that would be rounded.
fn exact(number: &Number) -> Option<Scalar> {
    if let Some(whole) = number.as_i64() {
        (whole.unsigned_abs() <= LARGEST).then(|| whole.into())
    } else if number.is_u64() {
        None
    } else {
        // A whole number beyond 64 bits comes as a float, rounded already.
        number
            .as_f64()
            .filter(|float| float.abs() < 2_f64.powi(53))
            .map(Scalar::from)
    }
}

impl TryFrom<ValueBody> for Scalar {
    type Error = HubError;

    fn try_from(value: ValueBody) -> HubResult<Self> {
        match value {
            ValueBody::Bool(value) => Ok(value.into()),
            ValueBody::Number(number) => exact(&number).ok_or_else(|| {
                HubError::invalid("parameterValues").because("a number that would be rounded")
            }),
            ValueBody::Text(value) => Ok(value.into()),
        }
    }
}

impl TryFrom<SettingBody> for ParameterSetting {
    type Error = HubError;

    fn try_from(setting: SettingBody) -> HubResult<Self> {
        Ok(match setting {
            SettingBody::Plain(name, value) => Self::new(name, Scalar::try_from(value)?),
            SettingBody::Typed(name, value, kind) => {
                Self::new(name, Scalar::try_from(value)?).typed(kind)
            }
        })
    }
}

impl TryFrom<TaskBody> for Task {
    type Error = HubError;

    fn try_from(body: TaskBody) -> HubResult<Self> {
        Ok(match body {
            TaskBody::Reboot {} => Self::Reboot,
            TaskBody::FactoryReset {} => Self::FactoryReset,
            TaskBody::RefreshObject { object_name } => Self::refresh(object_name),
            TaskBody::GetParameterValues { parameter_names } => Self::get(parameter_names),
            TaskBody::SetParameterValues { parameter_values } => {
                let settings = parameter_values
                    .into_iter()
                    .map(ParameterSetting::try_from)
                    .collect::<HubResult<Vec<_>>>()?;
                Self::set(settings)
            }
            TaskBody::AddObject { object_name } => Self::add_object(object_name),
            TaskBody::DeleteObject { object_name } => Self::delete_object(object_name),
            TaskBody::Download {
                file_type,
                file_name,
            } => Self::download(file_type, file_name),
        })
    }
}

#[derive(Debug, Deserialize)]
struct CreateQuery {
    connection_request: Option<String>,
    timeout: Option<u64>,
}

/// Longest wait for a device to open its session.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

async fn create(
    _: Acting,
    State(hub): State<Hub>,
    Path(id): Path<String>,
    query: Result<Parameters<CreateQuery>, QueryRejection>,
    body: Result<Json<TaskBody>, JsonRejection>,
) -> HubResult<Response> {
    let id = device_id(id)?;
    let Parameters(query) = query?;
    let Json(body) = body?;
    let at_once = query
        .connection_request
        .is_some_and(|flag| !matches!(flag.as_str(), "0" | "false"));
    let wait = query
        .timeout
        .map(Duration::from_millis)
        .map(|wait| wait.min(LONGEST_WAIT));
    let outcome = post_task(&hub, &id, body.try_into()?, at_once, wait).await?;
    let status = if outcome.is_done() {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    Ok((status, Json(outcome_json(&outcome))).into_response())
}

fn outcome_json(outcome: &TaskOutcome) -> Value {
    let (word, reason, fault) = match outcome {
        TaskOutcome::Done { .. } => ("done", None, None),
        TaskOutcome::Transferring { .. } => ("transferring", None, None),
        TaskOutcome::Faulted { fault, .. } => ("faulted", None, fault.as_deref()),
        TaskOutcome::Offline { .. } => ("offline", None, None),
        TaskOutcome::Queued { reason, .. } => ("queued", reason.as_deref(), None),
        _ => ("unknown", None, None),
    };
    let mut body = json!({ "outcome": word });
    if let Some(task) = outcome.task() {
        body["task"] = task_json(task);
    }
    if let Some(reason) = reason {
        body["reason"] = reason.into();
    }
    if let Some(fault) = fault {
        body["fault"] = fault_json(fault);
    }
    body
}

fn task_json(task: &StoredTask) -> Value {
    json!({ "id": task.id, "name": task.name, "timestamp": task.timestamp })
}

fn fault_json(fault: &Fault) -> Value {
    json!({
        "id": fault.id,
        "device": fault.device,
        "channel": fault.channel,
        "code": fault.code,
        "message": fault.message,
        "timestamp": fault.timestamp,
        "retries": fault.retries,
    })
}

async fn tasks(_: Staff, State(hub): State<Hub>, Path(id): Path<String>) -> HubResult<Json<Value>> {
    let list = hub
        .nbi()?
        .tasks()
        .list()
        .query(Query::of_device(&device_id(id)?))
        .limit(ROWS);
    let found = list.send().await?;
    Ok(Json(
        json!({ "tasks": found.items.iter().map(task_json).collect::<Vec<_>>() }),
    ))
}

fn task_id(text: String) -> HubResult<TaskId> {
    TaskId::new(text).map_err(|error| HubError::invalid("id").caused_by(&error))
}

async fn delete_task(
    _: Acting,
    State(hub): State<Hub>,
    Path(id): Path<String>,
) -> HubResult<StatusCode> {
    hub.nbi()?.tasks().delete(&task_id(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn retry_task(
    _: Acting,
    State(hub): State<Hub>,
    Path(id): Path<String>,
) -> HubResult<StatusCode> {
    hub.nbi()?.tasks().retry(&task_id(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add_tag(
    _: Acting,
    State(hub): State<Hub>,
    Path((id, tag)): Path<(String, String)>,
) -> HubResult<StatusCode> {
    let devices = hub.nbi()?.devices();
    devices.add_tag(&device_id(id)?, &tag).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove_tag(
    _: Acting,
    State(hub): State<Hub>,
    Path((id, tag)): Path<(String, String)>,
) -> HubResult<StatusCode> {
    let devices = hub.nbi()?.devices();
    devices.remove_tag(&device_id(id)?, &tag).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
struct FaultQuery {
    device: Option<String>,
}

async fn faults(
    _: Staff,
    State(hub): State<Hub>,
    query: Result<Parameters<FaultQuery>, QueryRejection>,
) -> HubResult<Json<Value>> {
    let Parameters(FaultQuery { device }) = query?;
    let query = match device {
        Some(id) => Query::of_device(&device_id(id)?),
        None => Query::all(),
    };
    let list = hub.nbi()?.faults().list().query(query).limit(ROWS);
    let found = list.send().await?;
    Ok(Json(
        json!({ "faults": found.items.iter().map(fault_json).collect::<Vec<_>>() }),
    ))
}

async fn delete_fault(
    _: Acting,
    State(hub): State<Hub>,
    Path(id): Path<String>,
) -> HubResult<StatusCode> {
    let id = FaultId::new(id).map_err(|error| HubError::invalid("id").caused_by(&error))?;
    hub.nbi()?.faults().delete(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn presets(_: Staff, State(hub): State<Hub>) -> HubResult<Json<Value>> {
    let found = hub.nbi()?.presets().list().limit(ROWS).send().await?;
    let presets: Vec<Value> = found
        .items
        .iter()
        .map(|preset| {
            let mut body = serde_json::to_value(preset).unwrap_or_default();
            body["name"] = preset.name.as_str().into();
            body
        })
        .collect();
    Ok(Json(json!({ "presets": presets })))
}

async fn put_preset(
    _: Acting,
    State(hub): State<Hub>,
    Path(name): Path<String>,
    body: Result<Json<Preset>, JsonRejection>,
) -> HubResult<StatusCode> {
    let Json(preset) = body?;
    hub.nbi()?.presets().put(&name, &preset).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete_preset(
    _: Acting,
    State(hub): State<Hub>,
    Path(name): Path<String>,
) -> HubResult<StatusCode> {
    hub.nbi()?.presets().delete(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}

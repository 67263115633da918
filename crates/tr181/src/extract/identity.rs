//! Who the device is.

use super::Doc;
use crate::fact::{Confidence, Fact};
use crate::input::index::Node;
use crate::model::{Identity, TemperatureSensor};

pub(crate) fn identity(doc: Doc<'_, '_>, roots: &[Node<'_, '_>]) -> Identity {
    let infos: Vec<Node<'_, '_>> = roots.iter().filter_map(|r| r.child("DeviceInfo")).collect();
    let id = doc.index.root().child("_deviceId");
    let text = |name: &str, fallback: &str| {
        infos
            .iter()
            .find_map(|i| i.text(name))
            .or_else(|| id.and_then(|i| i.text(fallback)))
    };
    let plain = |name: &str| infos.iter().find_map(|i| i.text(name));
    let product_class = text("ProductClass", "_ProductClass");
    // Some firmware answers the leaf's own name.
    let model = infos
        .iter()
        .find_map(|i| i.text("ModelName").filter(|m| m.value != "ModelName"))
        .or_else(|| plain("X_TP_DeviceModel"))
        .or_else(|| {
            // "Device2" is what TP-Link calls every model.
            let class = product_class.clone().filter(|c| c.value != "Device2")?;
            Some(class.with_confidence(Confidence::Inferred))
        });
    let temperatures = temperatures(&infos);
    let total = infos.iter().find_map(|i| i.positive("MemoryStatus.Total"));
    // 16 GiB in a home router is bytes, not KiB; both leaves then are.
    let free = infos.iter().find_map(|i| i.unsigned("MemoryStatus.Free"));
    let bytes = [&total, &free]
        .into_iter()
        .flatten()
        .any(|m| m.value > 16 * 1024 * 1024);
    let kib = |fact: Fact<u64>| {
        if bytes {
            fact.map(|v| v / 1024).with_confidence(Confidence::Inferred)
        } else {
            fact
        }
    };
    Identity {
        manufacturer: text("Manufacturer", "_Manufacturer"),
        oui: text("ManufacturerOUI", "_OUI"),
        model,
        product_class,
        serial: text("SerialNumber", "_SerialNumber"),
        software: plain("SoftwareVersion"),
        hardware: plain("HardwareVersion"),
        description: plain("Description"),
        host_name: infos.iter().find_map(|i| i.host_name("HostName")),
        uptime_s: infos.iter().find_map(|i| i.unsigned("UpTime")),
        memory_total_kib: total.map(kib),
        memory_free_kib: free.map(kib),
        cpu_percent: infos.iter().find_map(|i| {
            i.first(
                &[
                    "ProcessStatus.CPUUsage",
                    "X_HW_CpuUsed",
                    "X_CT-COM_CpuUsage",
                    "X_ALU-COM_CPUUsage",
                ],
                |node, name| node.within(name, 0..=100),
            )
        }),
        temperature_c: hottest(&temperatures),
        temperatures,
    }
}

fn temperatures(infos: &[Node<'_, '_>]) -> Vec<TemperatureSensor> {
    infos
        .iter()
        .flat_map(|i| i.table("TemperatureStatus.TemperatureSensor"))
        .map(|row| TemperatureSensor {
            name: row.text("Name"),
            value_c: row.celsius("Value"),
            max_c: row.celsius("MaxValue"),
        })
        .filter(|sensor| sensor.value_c.is_some())
        .collect()
}

fn hottest(sensors: &[TemperatureSensor]) -> Option<Fact<f64>> {
    sensors
        .iter()
        .filter_map(|s| s.value_c.clone())
        .max_by(|a, b| a.value.total_cmp(&b.value))
}

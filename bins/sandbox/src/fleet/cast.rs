//! Who is in a fleet: the exemplars first, then units drawn from the seed.

use jiff::SignedDuration;

use super::household::{Frame, Household};
use super::prng::Prng;
use super::tree::escape;
use super::{Behaviour, Cpe, Model, Trouble};

/// A unit with a story, the same in every fleet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Exemplar {
    /// The device id.
    pub id: &'static str,
    /// The serial number as the unit reports it.
    pub serial: &'static str,
    /// What to see there, in one sentence.
    pub story: &'static str,
}

/// The exemplars by what they show.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Exemplars {
    /// All is well.
    pub good: Exemplar,
    /// A fibre ONT that receives too little light.
    pub weak: Exemplar,
    /// An ONT without light, offline.
    pub offline: Exemplar,
    /// Two devices that carry one serial number.
    pub twins: [Exemplar; 2],
    /// A unit that refuses every task; its id holds escaped dashes.
    pub faulting: Exemplar,
    /// A router with a device at the far end of the Wi-Fi, and a mesh node.
    pub far_station: Exemplar,
    /// Reachable by its management connection, without Internet; its id holds an escaped space.
    pub wan_down: Exemplar,
    /// A unit whose transceiver overheats.
    pub hot: Exemplar,
    /// A unit that answers late.
    pub slow: Exemplar,
}

impl Exemplars {
    pub(super) const ALL: Self = Self {
        good: Exemplar {
            id: "1C61B4-Device2-22F01A7000101",
            serial: "22F01A7000101",
            story: "all is well",
        },
        weak: Exemplar {
            id: "1C61B4-Device2-22F01A7000102",
            serial: "22F01A7000102",
            story: "receives -27.4 dBm",
        },
        offline: Exemplar {
            id: "00259E-EG8145V5-48575443F0000103",
            serial: "48575443F0000103",
            story: "no light since this morning",
        },
        twins: [
            Exemplar {
                id: "1C61B4-Device2-22F01A7000104",
                serial: "22F01A7000104",
                story: "shares its serial number with another unit",
            },
            Exemplar {
                id: "60A4B7-Device2-22F01A7000104",
                serial: "22F01A7000104",
                story: "shares its serial number with another unit",
            },
        ],
        faulting: Exemplar {
            id: "9075BC-G%2D1425G%2DA-ALCLF0000105",
            serial: "ALCLF0000105",
            story: "refuses every task with fault 9002",
        },
        far_station: Exemplar {
            id: "1C61B4-Device2-22F01A7000106",
            serial: "22F01A7000106",
            story: "a device hangs on to the Wi-Fi from too far away",
        },
        wan_down: Exemplar {
            id: "C0B101-ZXHN%20F670L-ZTEGF0000107",
            serial: "ZTEGF0000107",
            story: "PPPoE is refused, the ACS still hears it",
        },
        hot: Exemplar {
            id: "02B0EA-BX6100-BRLNF0000108",
            serial: "BRLNF0000108",
            story: "the transceiver overheats",
        },
        slow: Exemplar {
            id: "00259E-EG8145V5-48575443F0000109",
            serial: "48575443F0000109",
            story: "answers late",
        },
    };

    /// All of them, in the order they stand in a fleet.
    #[must_use]
    pub const fn list(&self) -> [Exemplar; 10] {
        [
            self.good,
            self.weak,
            self.offline,
            self.twins[0],
            self.twins[1],
            self.faulting,
            self.far_station,
            self.wan_down,
            self.hot,
            self.slow,
        ]
    }
}

/// Seed of the exemplars: theirs alone, so that no other seed changes them.
const EXEMPLARS: u64 = 0x6669_6272_652d_7163;

/// What a unit's story fixes before the dice are thrown.
struct Role {
    model: Model,
    oui: &'static str,
    serial: String,
    pon_serial: String,
    index: u32,
    trouble: Trouble,
    behaviour: Behaviour,
}

pub(super) fn cast(seed: u64, count: usize) -> Vec<Cpe> {
    let all = Exemplars::ALL;
    let refused = Behaviour::Faults {
        code: 9002,
        string: "Internal error".to_owned(),
    };
    let mut cpes = Vec::with_capacity(count.max(all.list().len()));
    let stories = [
        (Model::Xx230v, Trouble::None, Behaviour::Answers),
        (Model::Xx230v, Trouble::WeakSignal, Behaviour::Answers),
        (Model::Eg8145v5, Trouble::NoLight, Behaviour::Asleep),
        (Model::Xx230v, Trouble::None, Behaviour::Answers),
        (Model::Ex220, Trouble::None, Behaviour::Answers),
        (Model::G1425ga, Trouble::None, refused),
        (Model::Ex220, Trouble::FarStation, Behaviour::Answers),
        (Model::F670l, Trouble::WanDown, Behaviour::Answers),
        (Model::Bx6100, Trouble::Hot, Behaviour::Answers),
        (Model::Eg8145v5, Trouble::None, Behaviour::Slow),
    ];
    for (index, ((model, trouble, behaviour), exemplar)) in
        (0_u32..).zip(stories.into_iter().zip(all.list()))
    {
        // The twin's identifier differs; every other exemplar has its model's.
        let oui = if exemplar == all.twins[1] {
            "60A4B7"
        } else {
            model.oui()
        };
        let serial = exemplar.serial.to_owned();
        // "…105" is number 0xF0000105 on the fibre side too.
        let tail = serial
            .get(serial.len().saturating_sub(3)..)
            .and_then(|t| u32::from_str_radix(t, 16).ok());
        let pon_serial = model.pon_serial(0xF000_0000 | tail.unwrap_or(index));
        let role = Role {
            model,
            oui,
            serial,
            pon_serial,
            index,
            trouble,
            behaviour,
        };
        let mut cpe = build(&mut Prng::member(EXEMPLARS, u64::from(index)), role);
        if exemplar == all.weak {
            cpe.rx_dbm = -27.4;
        }
        if exemplar == all.good {
            cpe.rx_dbm = -19.2;
        }
        if exemplar == all.offline {
            cpe.silence = SignedDuration::from_hours(5);
        }
        cpes.push(cpe);
    }
    for index in (0_u32..).take(count).skip(cpes.len()) {
        cpes.push(build(
            &mut Prng::member(seed, u64::from(index)),
            Role::draw(seed, index),
        ));
    }
    cpes
}

impl Role {
    fn draw(seed: u64, index: u32) -> Self {
        // A generator of its own: what is drawn here must not shift the household's draws.
        let mut prng = Prng::member(!seed, u64::from(index));
        let model = match prng.between(0, 99) {
            0..=44 => Model::Xx230v,
            45..=59 => Model::Eg8145v5,
            60..=71 => Model::G1425ga,
            72..=81 => Model::F670l,
            82..=89 => Model::Bx6100,
            90..=95 => Model::Ex220,
            _ => Model::W52100g,
        };
        let trouble = match prng.between(0, 99) {
            0..=7 => Trouble::WeakSignal,
            8..=10 => Trouble::NoLight,
            11..=12 => Trouble::Hot,
            13..=17 => Trouble::FarStation,
            18..=20 => Trouble::WanDown,
            21..=23 => Trouble::Silent,
            _ => Trouble::None,
        };
        let trouble = match trouble {
            Trouble::WeakSignal | Trouble::Hot if !model.has_fibre() => Trouble::FarStation,
            Trouble::NoLight if !model.has_fibre() => Trouble::Silent,
            fits => fits,
        };
        let behaviour = match trouble {
            Trouble::NoLight | Trouble::Silent => Behaviour::Asleep,
            _ if prng.one_in(40) => Behaviour::Slow,
            _ if prng.one_in(60) => Behaviour::Faults {
                code: 9001,
                string: "Request denied".to_owned(),
            },
            _ => Behaviour::Answers,
        };
        // The batch stays below F: serial numbers there belong to the exemplars.
        let batch = u32::try_from(Prng::new(seed).next() % 0xE00).unwrap_or(0) + 0x100;
        let number = (batch << 20) | (index & 0x000F_FFFF);
        Self {
            model,
            oui: model.oui(),
            serial: model.serial(number),
            pon_serial: model.pon_serial(number),
            index,
            trouble,
            behaviour,
        }
    }
}

fn build(prng: &mut Prng, role: Role) -> Cpe {
    let Role {
        model,
        oui,
        serial,
        pon_serial,
        index,
        trouble,
        behaviour,
    } = role;
    let (lan, ports, six) = model.lan();
    let frame = Frame {
        lan,
        ports,
        six,
        mesh: model == Model::Ex220,
        far_station: trouble == Trouble::FarStation,
        most: model.most_things(),
    };
    let rx_dbm = match trouble {
        Trouble::WeakSignal => prng.real(-28.4, -26.1),
        // A healthy plant: most customers between -17 and -23 dBm.
        _ => -20.0 + prng.real(-3.6, 3.0) + prng.real(-0.9, 0.9),
    };
    let reboot_every = i64::try_from(prng.between(6 * 86_400, 70 * 86_400)).unwrap_or(1);
    let reboot_offset = i64::try_from(prng.between(0, 70 * 86_400)).unwrap_or(0);
    let silence = match trouble {
        Trouble::NoLight => prng.between(3 * 3_600, 30 * 3_600),
        Trouble::Silent => prng.between(2 * 86_400, 12 * 86_400),
        _ => prng.between(1, 290),
    };
    Cpe {
        id: format!(
            "{}-{}-{}",
            escape(oui),
            escape(model.product_class()),
            escape(&serial)
        ),
        model,
        oui,
        serial,
        pon_serial,
        index,
        trouble,
        behaviour,
        household: Household::new(prng, frame),
        phase: prng.real(0.0, 6.0),
        rx_dbm,
        tx_dbm: prng.real(1.6, 3.4),
        bias_ma: prng.real(9.0, 15.0),
        warmth: prng.real(41.0, 52.0),
        rate: prng.real(40_000.0, 900_000.0),
        reboots: (reboot_every, reboot_offset),
        silence: SignedDuration::from_secs(i64::try_from(silence).unwrap_or(60)),
    }
}

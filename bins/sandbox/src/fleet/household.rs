//! Who lives behind a unit: their network names and the things they connect.

use super::prng::Prng;

const FAMILIES: &[&str] = &[
    "Tremblay",
    "Gagnon",
    "Roy",
    "Côté",
    "Bouchard",
    "Gauthier",
    "Morin",
    "Lavoie",
    "Fortin",
    "Gagné",
    "Ouellet",
    "Pelletier",
    "Bélanger",
    "Lévesque",
    "Bergeron",
    "Leblanc",
    "Paquette",
    "Girard",
    "Simard",
    "Boucher",
    "Caron",
    "Beaulieu",
    "Cloutier",
    "Dubé",
    "Poirier",
    "Fournier",
    "Lapointe",
    "Leclerc",
    "Lefebvre",
    "Poulin",
    "Thibault",
    "St-Pierre",
    "Nadeau",
    "Martel",
];

const PLACES: &[&str] = &[
    "Le Chalet",
    "Érablière",
    "La Grange",
    "Rang 4",
    "Sous-sol",
    "Camp du Lac",
    "La Bergerie",
    "Atelier",
    "Ferme du Ruisseau",
    "Verger",
    "Garderie Les Lutins",
    "Dépanneur du Coin",
];

const FIRST: &[&str] = &[
    "Julie", "Marc", "Sophie", "Luc", "Chantal", "Olivier", "Maude", "Alexis", "Nadia", "Félix",
    "Camille", "Réjean", "Isabelle", "Mathieu", "Ariane", "Gilles",
];

/// A radio band.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Band {
    Two,
    Five,
    Six,
}

impl Band {
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Two => "2.4GHz",
            Self::Five => "5GHz",
            Self::Six => "6GHz",
        }
    }
}

/// How something is connected.
#[derive(Clone, Debug)]
pub(super) enum Link {
    /// On a LAN port, numbered from 1.
    Wired { port: u32 },
    /// On Wi-Fi: signal at the access point in dBm around which it wanders, and its rates.
    Wifi {
        band: Band,
        dbm: f64,
        phase: f64,
        down_kbps: u64,
        up_kbps: u64,
        /// 0 the unit itself, 1 the mesh node.
        node: u32,
    },
}

/// One thing on the customer's network.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) mac: String,
    pub(super) ip: String,
    pub(super) link: Link,
    pub(super) active: bool,
    pub(super) lease_s: u64,
}

impl Thing {
    pub(super) fn wifi(&self) -> Option<(Band, u32)> {
        match self.link {
            Link::Wifi { band, node, .. } => Some((band, node)),
            Link::Wired { .. } => None,
        }
    }
}

/// A customer's home network.
#[derive(Clone, Debug)]
pub(super) struct Household {
    pub(super) family: &'static str,
    pub(super) ssid: String,
    /// Empty: both bands carry one name.
    pub(super) ssid_five: String,
    /// The first three bytes of the LAN, `192.168.1`.
    pub(super) lan: String,
    pub(super) things: Vec<Thing>,
    pub(super) two_channel: u32,
    pub(super) five_channel: u32,
}

/// What the unit's make allows and the story asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) lan: &'static str,
    pub(super) ports: u64,
    pub(super) six: bool,
    pub(super) mesh: bool,
    pub(super) far_station: bool,
    /// Most things this make's table is given.
    pub(super) most: u64,
}

impl Household {
    pub(super) fn new(prng: &mut Prng, frame: Frame) -> Self {
        let family = *prng.pick(FAMILIES);
        let plain: String = family.chars().filter(|c| c.is_alphanumeric()).collect();
        let ssid = match prng.between(0, 5) {
            0 => format!("Maison_{plain}"),
            1 => format!("Chez les {family}"),
            2 => format!("WiFi-{plain}"),
            3 => format!("{} {family}", prng.pick(PLACES)),
            4 => (*prng.pick(PLACES)).to_owned(),
            _ => format!("{}{}", plain.to_uppercase(), prng.between(10, 99)),
        };
        let ssid_five = if prng.one_in(3) {
            format!("{ssid}-5G")
        } else {
            String::new()
        };
        let count = prng.between(4, frame.most.max(4));
        let mut things = Vec::new();
        for row in 0..count {
            things.push(thing(prng, row, frame));
        }
        if frame.far_station {
            let far = things.iter_mut().find_map(|thing| match &mut thing.link {
                Link::Wifi {
                    dbm,
                    band,
                    down_kbps,
                    up_kbps,
                    node,
                    ..
                } => {
                    thing.active = true;
                    Some((dbm, band, down_kbps, up_kbps, node))
                }
                Link::Wired { .. } => None,
            });
            if let Some((dbm, band, down, up, node)) = far {
                (*dbm, *band, *down, *up, *node) =
                    (prng.real(-87.0, -82.0), Band::Two, 6_500, 1_000, 0);
            }
        }
        Self {
            family,
            ssid,
            ssid_five,
            lan: frame.lan.to_owned(),
            things,
            two_channel: *prng.pick(&[1, 6, 11]),
            five_channel: *prng.pick(&[36, 44, 100, 149, 157]),
        }
    }

    pub(super) fn ssid_of(&self, band: Band) -> &str {
        if band == Band::Two || self.ssid_five.is_empty() {
            &self.ssid
        } else {
            &self.ssid_five
        }
    }

    pub(super) fn channel_of(&self, band: Band) -> u32 {
        match band {
            Band::Two => self.two_channel,
            Band::Five => self.five_channel,
            Band::Six => 37,
        }
    }

    pub(super) fn stations(&self, band: Band, node: u32) -> impl Iterator<Item = &Thing> {
        self.things
            .iter()
            .filter(move |thing| thing.wifi() == Some((band, node)))
    }
}

fn thing(prng: &mut Prng, row: u64, frame: Frame) -> Thing {
    let first = *prng.pick(FIRST);
    // A pattern that starts with wireless things: every household has a telephone.
    let (name, kind, wireless) = match (row + prng.between(0, 2)) % 12 {
        0 => (format!("iPhone-de-{first}"), "Phone", true),
        1 => (format!("Galaxy-de-{first}"), "Android", true),
        2 => (format!("portable-{}", first.to_lowercase()), "Laptop", true),
        3 => ("TV-salon".to_owned(), "Other", prng.one_in(2)),
        4 => ("Imprimante-bureau".to_owned(), "Other", true),
        5 => ("iPad-enfants".to_owned(), "Phone", true),
        6 => ("thermostat-cuisine".to_owned(), "Other", true),
        7 => ("console-sous-sol".to_owned(), "Other", false),
        8 => ("camera-entree".to_owned(), "Other", true),
        9 => ("nas-famille".to_owned(), "Other", false),
        10 => ("sonnette".to_owned(), "Other", true),
        _ => (String::new(), "Other", true),
    };
    let wireless = wireless || row == 0;
    let mac = prng.next().to_be_bytes();
    let mac = format!(
        // Bit 1 of the first byte: a locally administered address, nobody's.
        "{:02X}:{:02X}:{:02X}:{:02X}:{:02X}:{:02X}",
        (mac[0] & 0xFC) | 0x02,
        mac[1],
        mac[2],
        mac[3],
        mac[4],
        mac[5]
    );
    let small = matches!(
        name.as_str(),
        "thermostat-cuisine" | "sonnette" | "Imprimante-bureau"
    );
    let link = if wireless {
        let band = match prng.between(0, 9) {
            _ if small => Band::Two,
            0..=2 => Band::Two,
            3 | 4 if frame.six => Band::Six,
            _ => Band::Five,
        };
        // A house well covered; one device in thirty sits in a corner.
        let dbm = if prng.one_in(30) {
            prng.real(-72.0, -66.0)
        } else {
            prng.real(-60.0, -38.0)
        };
        // Rates fall with the signal: about one doubling each 6 dB above the floor.
        let best = if band == Band::Two {
            287_000.0
        } else {
            1_201_000.0
        };
        let down = best * 2_f64.powf((dbm + 40.0).min(0.0) / 6.0);
        Link::Wifi {
            band,
            dbm,
            phase: prng.real(0.0, 6.0),
            down_kbps: super::signal::count(down.max(6_500.0)),
            up_kbps: super::signal::count((down * 0.8).max(6_500.0)),
            node: u32::from(frame.mesh && prng.one_in(3)),
        }
    } else {
        let port = u32::try_from(prng.between(1, frame.ports)).unwrap_or(1);
        Link::Wired { port }
    };
    Thing {
        name,
        kind,
        mac,
        ip: format!("{}.{}", frame.lan, 20 + row * 3),
        link,
        active: row < 2 || !prng.one_in(5),
        lease_s: prng.between(300, 86_000),
    }
}

// The screens that are checked. A capability that adds a page adds it here.
//
// name    of the test and of the picture
// path    on the hub
// status  that the page answers with (200)
// follow  the words of a link or button in <main>: the screen is what it leads to
// touch   whether the page is made for fingers (targets of 44 px rather than 24)

/** @param examples what the sandbox says of its invented ISP */
export function screens(examples) {
  const device = (serial) => `/ops/network/device?serial=${encodeURIComponent(serial)}`;
  const search = (text) => `/ops/network?q=${encodeURIComponent(text)}`;
  const good = examples.serial;
  return [
    { name: "ops-network", path: "/ops/network" },
    { name: "ops-network-several", path: search(examples.query_several ?? good.slice(0, 4)) },
    { name: "ops-network-none", path: search("introuvable-0000") },
    { name: "ops-device", path: device(good) },
    { name: "ops-device-bad", path: device(examples.serial_bad ?? good) },
    { name: "ops-device-unknown", path: device(examples.serial_unknown ?? "INCONNU0000"), status: 404 },
    { name: "ops-device-reboot", path: device(good), follow: /redémarrer/i },
  ];
}

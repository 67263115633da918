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
  const { serial, weak, offline, shared, unknown } = examples;
  return [
    { name: "ops-network", path: "/ops/network" },
    { name: "ops-network-several", path: search(shared) },
    { name: "ops-network-none", path: search(unknown), status: 404 },
    { name: "ops-network-invalid", path: search("1".repeat(65)), status: 422 },
    { name: "ops-device", path: device(serial) },
    { name: "ops-device-weak", path: device(weak) },
    { name: "ops-device-offline", path: device(offline) },
    { name: "ops-device-unknown", path: device(unknown), status: 404 },
    { name: "ops-device-reboot", path: device(serial), follow: /redémarrer/i },
  ];
}

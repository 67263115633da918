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
  const client = (id) => `/ops/clients/${encodeURIComponent(id)}`;
  const clients = (text) => `/ops/clients?q=${encodeURIComponent(text)}`;
  const { serial, weak, offline, shared, unknown, customer, owing, unpaid } = examples;
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
    { name: "ops-clients", path: "/ops/clients" },
    { name: "ops-clients-several", path: clients("a") },
    { name: "ops-clients-none", path: clients(unknown) },
    { name: "ops-clients-invalid", path: clients("1".repeat(201)), status: 422 },
    { name: "ops-client", path: client(customer) },
    { name: "ops-client-owing", path: client(owing) },
    { name: "ops-client-invoices", path: `${client(owing)}?factures=` },
    { name: "ops-client-equipment", path: `${client(customer)}/equipment` },
    { name: "ops-client-payments", path: `${client(owing)}/payments` },
    { name: "ops-client-payments-none", path: `${client(customer)}/payments` },
    { name: "ops-client-charge", path: `${client(owing)}/payments/charge?invoice=${encodeURIComponent(unpaid)}` },
    { name: "ops-client-consent", path: `${client(owing)}/payments/ppa` },
    { name: "payment-return", path: "/paiement/retour?annule=1" },
    { name: "ops-settings", path: "/ops/settings" },
    { name: "ops-client-unknown", path: client("nobody"), status: 404 },
  ];
}

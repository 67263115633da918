// The peer of `cargo xtask compare stripe`: the official library checks the same body.
// usage: node stripe.mjs FOLDER FILE SECRET NOW BATCHES
// FOLDER is where the library is installed.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [, , folder, file, secret, now, count] = process.argv;
const [timestamp, batches] = [Number(now), Number(count)];
if (!file || !Number.isInteger(timestamp) || !Number.isInteger(batches) || batches < 1) {
  console.error("usage: node stripe.mjs FOLDER FILE SECRET NOW BATCHES");
  process.exit(2);
}
const library = createRequire(join(folder, "package.json"))("stripe");
const { webhooks } = library.default ?? library;
// Bytes, as they come from a socket.
const body = readFileSync(file);
const header = webhooks.generateTestHeaderString({
  payload: body.toString("utf8"),
  secret,
  timestamp,
});
const received = timestamp * 1000;

const works = {
  verify_ns: () => webhooks.signature.verifyHeader(body, header, secret, 300, undefined, received),
  event_ns: () => webhooks.constructEvent(body, header, secret, 300, undefined, received).id,
  hmac_ns: () => createHmac("sha256", secret).update(body).digest("hex"),
};

/** Nanoseconds of the processor for one piece of work, over so many. */
function time(work, size) {
  const start = process.cpuUsage();
  for (let i = 0; i < size; i += 1) if (!work()) throw new Error("refused");
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / size;
}

const sizes = {};
const times = {};
for (const [name, work] of Object.entries(works)) {
  // The compiler warms up, then batches take about five milliseconds.
  time(work, 5000);
  sizes[name] = Math.max(1, Math.round(5e6 / Math.max(1, time(work, 1000))));
  times[name] = [];
}
for (let batch = 0; batch < batches; batch += 1) {
  for (const [name, work] of Object.entries(works)) times[name].push(time(work, sizes[name]));
}
const report = { bytes: body.length, header, version: library.Stripe?.PACKAGE_VERSION };
for (const name of Object.keys(works)) {
  times[name].sort((a, b) => a - b);
  report[name] = times[name][Math.floor(times[name].length / 2)];
}
console.log(JSON.stringify(report));
